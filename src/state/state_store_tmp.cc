#include "state/state_store.h"
#include "base/crc32c.h"
#include <cstring>
namespace thalweg {
struct StateStore::Rep { Env& env; MemoryBudget* budget; StateStoreOptions options; std::vector<std::pair<std::string,std::unique_ptr<Container>>> containers; int64_t last=-1; };
StateStore::StateStore(Env& env, MemoryBudget* b, StateStoreOptions o):rep_(new Rep{env,b,std::move(o),{},-1}){}
StateStore::~StateStore()=default;
Result<GroupTable*> StateStore::AddGroupTable(const std::string& f, GroupTableOptions o){ auto t=std::make_unique<GroupTable>(o,rep_->budget); auto* p=t.get(); rep_->containers.emplace_back(f,std::move(t)); return p;}
Result<SlicedTable*> StateStore::AddSlicedTable(const std::string& f, GroupTableOptions o){ auto t=std::make_unique<SlicedTable>(o,rep_->budget); auto* p=t.get(); rep_->containers.emplace_back(f,std::move(t)); return p;}
static std::string Path(const std::string& d,int64_t v){return JoinPath(d,std::to_string(v)+".base");}
struct S final: RecordSink { std::string* out; Status Append(std::string_view r) override { uint32_t n=r.size(); out->append((char*)&n,4); out->append(r); return Status::OK(); } };
Status StateStore::Load(int64_t v){ for(auto&[f,c]:rep_->containers)c->Clear(); rep_->last=v; if(v<0) return Status::OK(); auto r=ReadFile(rep_->env.files(),Path(rep_->options.directory,v)); if(!r.ok()) return r.status(); std::string_view b=*r; for(auto&[f,c]:rep_->containers){ uint32_t cnt; std::memcpy(&cnt,b.data(),4); b.remove_prefix(4); std::string_view part=b.substr(0,cnt); b.remove_prefix(cnt); while(!part.empty()){ uint32_t n; std::memcpy(&n,part.data(),4); THALWEG_RETURN_NOT_OK(c->Load(part.substr(4,n))); part.remove_prefix(4+n);} } return Status::OK(); }
Status StateStore::Seal(int64_t v){ std::string all; for(auto&[f,c]:rep_->containers){ std::string part; S s; s.out=&part; THALWEG_RETURN_NOT_OK(c->SealBase(s)); uint32_t n=part.size(); all.append((char*)&n,4); all+=part; } THALWEG_RETURN_NOT_OK(rep_->env.files().CreateDirectories(rep_->options.directory)); if(rep_->options.sync) THALWEG_RETURN_NOT_OK(rep_->env.files().SyncDirectory(DirectoryOf(rep_->options.directory))); THALWEG_RETURN_NOT_OK(WriteFileAtomically(rep_->env.files(),Path(rep_->options.directory,v),all,rep_->options.sync)); for(auto&[f,c]:rep_->containers)c->MarkSealed(); rep_->last=v; return Status::OK(); }
Status StateStore::SealRecorded(int64_t){return Status::OK();}
int64_t StateStore::last_sealed() const{return rep_->last;}
ContainerMetrics StateStore::metrics() const{ ContainerMetrics m; for(auto&[f,c]:rep_->containers){auto x=c->metrics(); m.entries+=x.entries;m.bytes+=x.bytes;m.dirty_bytes+=x.dirty_bytes;} return m;}
std::vector<std::pair<std::string, ContainerMetrics>> StateStore::metrics_by_container() const{ return {}; }
}
