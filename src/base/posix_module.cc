#include <dlfcn.h>
#include <unistd.h>

#include <climits>
#include <string>

#include "base/env.h"
#include "base/module.h"

namespace thalweg {
namespace {

#if defined(__SANITIZE_ADDRESS__)
#define THALWEG_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define THALWEG_ADDRESS_SANITIZER 1
#endif
#endif

// A module's libraries bring copies of symbols that the program has too (OpenSSL, simdjson, re2):
// each side must find its own first. ASan, which replaces symbols itself, refuses that.
#ifdef THALWEG_ADDRESS_SANITIZER
constexpr int kOpenFlags = RTLD_NOW | RTLD_LOCAL;
#else
constexpr int kOpenFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

/// …/bin/thalweg -> …/lib/thalweg, and …/lib/libthalweg.so -> …/lib/thalweg: beside the code that
/// asks where it is a library in somebody else's program, else beside the program.
std::string ModuleFile(std::string_view name) {
  const std::string file = "libthalweg_" + std::string(name) + ".so";
  Dl_info here{};
  if (dladdr(reinterpret_cast<const void*>(&OpenModule), &here) != 0) {
    const std::string beside = JoinPath(DirectoryOf(here.dli_fname), "thalweg/" + file);
    if (access(beside.c_str(), R_OK) == 0) return beside;
  }
  char program[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof(program));
  const std::string path(program, length > 0 ? static_cast<size_t>(length) : 0);
  return JoinPath(DirectoryOf(DirectoryOf(path)), "lib/thalweg/" + file);
}

}  // namespace

Result<void*> OpenModule(std::string_view name, const char* door, std::string_view feature) {
  const std::string file = ModuleFile(name);
  void* const module = dlopen(file.c_str(), kOpenFlags);
  void* const address = module == nullptr ? nullptr : dlsym(module, door);
  if (address != nullptr) return address;
  const char* const cause = dlerror();
  return Status::World("THALWEG_MODULE_MISSING", {{"feature", std::string(feature)},
                                                  {"file", file},
                                                  {"cause", cause == nullptr ? "" : cause}});
}

}  // namespace thalweg
