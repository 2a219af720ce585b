#include "worker_pool.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <vector>

#include "base/check.h"

namespace thalweg {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Play = std::function<Verdict(size_t)>;

// Before the text of a verdict.
struct VerdictHeader {
  uint64_t text_bytes = 0;
  Outcome outcome = Outcome::kPassed;
  bool names_differ = false;
  bool nullability_differs = false;
};

// What a worker says on its standard error while it plays a case is kept and shown if it dies.
struct Worker {
  pid_t pid = 0;
  int channel = -1;
  int said = -1;
  bool busy = false;
  size_t playing = 0;
  SteadyClock::time_point deadline;
};

void LimitMemory();
bool ReadAll(int fd, void* bytes, size_t size);
bool WriteAll(int fd, const void* bytes, size_t size);
[[noreturn]] void Serve(int channel, const Play& play);
Verdict HowItEnded(const Worker& worker, bool hung, int seconds_max);

class Pool {
 public:
  Pool(size_t count, const Play& play, const std::function<void(size_t, Verdict)>& done,
       const WorkerPoolOptions& options)
      : count_(count), play_(play), done_(done), options_(options) {}

  void Run() {
    signal(SIGPIPE, SIG_IGN);
    workers_.resize(std::min(static_cast<size_t>(options_.workers), count_));
    for (Worker& worker : workers_) {
      Start(&worker);
      Assign(&worker);
    }
    while (std::any_of(workers_.begin(), workers_.end(), [](const Worker& w) { return w.busy; })) {
      WaitForOne();
    }
    for (Worker& worker : workers_) End(&worker);
  }

 private:
  void Start(Worker* worker);
  void Assign(Worker* worker);
  void WaitForOne();
  void Receive(Worker* worker);
  void Replace(Worker* worker, bool hung);
  void End(Worker* worker);

  const size_t count_;
  const Play& play_;
  const std::function<void(size_t, Verdict)>& done_;
  const WorkerPoolOptions options_;
  std::vector<Worker> workers_;
  size_t next_ = 0;
};

}  // namespace

void PlayInWorkers(size_t count, const Play& play, const std::function<void(size_t, Verdict)>& done,
                   const WorkerPoolOptions& options) {
  Pool(count, play, done, options).Run();
}

namespace {

void Pool::Start(Worker* worker) {
  int ends[2];
  const int made = socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  worker->said = memfd_create("said", 0);
  fflush(nullptr);
  worker->pid = made == 0 && worker->said >= 0 ? fork() : -1;
  THALWEG_CHECK(worker->pid >= 0, "no process for a worker");
  if (worker->pid == 0) {
    for (const Worker& other : workers_) {
      if (other.channel >= 0) close(other.channel);
    }
    close(ends[0]);
    dup2(worker->said, STDERR_FILENO);
    LimitMemory();
    Serve(ends[1], play_);
  }
  close(ends[1]);
  worker->channel = ends[0];
}

void Pool::Assign(Worker* worker) {
  worker->busy = next_ < count_;
  if (!worker->busy) return;
  worker->playing = next_++;
  worker->deadline = SteadyClock::now() + std::chrono::seconds(options_.seconds_max);
  const uint64_t number = worker->playing;
  WriteAll(worker->channel, &number, sizeof number);  // one that died is noticed when we read
}

void Pool::WaitForOne() {
  std::vector<pollfd> waits;
  std::vector<Worker*> waiting;
  auto deadline = SteadyClock::time_point::max();
  for (Worker& worker : workers_) {
    if (!worker.busy) continue;
    waits.push_back({worker.channel, POLLIN, 0});
    waiting.push_back(&worker);
    deadline = std::min(deadline, worker.deadline);
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
  poll(waits.data(), waits.size(), std::max(0, static_cast<int>(left.count())));
  for (size_t i = 0; i < waits.size(); ++i) {
    if (waits[i].revents != 0) {
      Receive(waiting[i]);
    } else if (SteadyClock::now() >= waiting[i]->deadline) {
      Replace(waiting[i], /*hung=*/true);
    }
  }
}

void Pool::Receive(Worker* worker) {
  VerdictHeader header;
  if (!ReadAll(worker->channel, &header, sizeof header)) return Replace(worker, /*hung=*/false);
  Verdict verdict{.outcome = header.outcome,
                  .text = std::string(header.text_bytes, ' '),
                  .names_differ = header.names_differ,
                  .nullability_differs = header.nullability_differs};
  if (!ReadAll(worker->channel, verdict.text.data(), verdict.text.size())) {
    return Replace(worker, /*hung=*/false);
  }
  done_(worker->playing, std::move(verdict));
  Assign(worker);
}

// The worker is dead, or hangs and is killed: its case is wrong.
void Pool::Replace(Worker* worker, bool hung) {
  if (hung) kill(worker->pid, SIGKILL);
  done_(worker->playing, HowItEnded(*worker, hung, options_.seconds_max));
  close(worker->channel);
  close(worker->said);
  worker->channel = -1;
  if (next_ < count_) Start(worker);
  Assign(worker);
}

void Pool::End(Worker* worker) {
  if (worker->channel < 0) return;
  close(worker->channel);
  close(worker->said);
  waitpid(worker->pid, nullptr, 0);
}

// A case that would eat the machine's memory crashes instead. Sanitizers map terabytes and use few.
void LimitMemory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit four_gigabytes = {rlim_t{4} << 30, rlim_t{4} << 30};
  setrlimit(RLIMIT_AS, &four_gigabytes);
#endif
}

// The life of a worker: a number in, a verdict out.
void Serve(int channel, const Play& play) {
  uint64_t number = 0;
  while (ReadAll(channel, &number, sizeof number)) {
    if (ftruncate(STDERR_FILENO, 0) == 0) lseek(STDERR_FILENO, 0, SEEK_SET);
    const Verdict verdict = play(number);
    const VerdictHeader header{.text_bytes = verdict.text.size(),
                               .outcome = verdict.outcome,
                               .names_differ = verdict.names_differ,
                               .nullability_differs = verdict.nullability_differs};
    WriteAll(channel, &header, sizeof header);
    WriteAll(channel, verdict.text.data(), verdict.text.size());
  }
  _exit(0);
}

Verdict HowItEnded(const Worker& worker, bool hung, int seconds_max) {
  int status = 0;
  waitpid(worker.pid, &status, 0);
  std::string text(4096, ' ');
  const ssize_t said = pread(worker.said, text.data(), text.size(), 0);
  text.resize(static_cast<size_t>(std::max<ssize_t>(said, 0)));
  if (hung) return Wrong("no end after " + std::to_string(seconds_max) + " s\n" + text);
  if (!WIFSIGNALED(status)) {
    return Wrong("the process ended by itself, code " + std::to_string(WEXITSTATUS(status)) + "\n" +
                 text);
  }
  return Wrong("a crash: " + std::string(strsignal(WTERMSIG(status))) + "\n" + text);
}

bool ReadAll(int fd, void* bytes, size_t size) {
  char* at = static_cast<char*>(bytes);
  while (size > 0) {
    const ssize_t got = read(fd, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

bool WriteAll(int fd, const void* bytes, size_t size) {
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t put = write(fd, at, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += put;
    size -= static_cast<size_t>(put);
  }
  return true;
}

}  // namespace
}  // namespace thalweg
