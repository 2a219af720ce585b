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

/// …/bin/thalweg -> …/lib/thalweg
std::string ModuleDirectory() {
  char program[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof(program));
  const std::string path(program, length > 0 ? static_cast<size_t>(length) : 0);
  return JoinPath(DirectoryOf(DirectoryOf(path)), "lib/thalweg");
}

}  // namespace

Result<void*> OpenModule(std::string_view name, const char* door, std::string_view feature) {
  const std::string file = JoinPath(ModuleDirectory(), "libthalweg_" + std::string(name) + ".so");
  void* const module = dlopen(file.c_str(), kOpenFlags);
  void* const address = module == nullptr ? nullptr : dlsym(module, door);
  if (address != nullptr) return address;
  const char* const cause = dlerror();
  return Status::World("THALWEG_MODULE_MISSING", {{"feature", std::string(feature)},
                                                  {"file", file},
                                                  {"cause", cause == nullptr ? "" : cause}});
}

}  // namespace thalweg
