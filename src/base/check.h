// THALWEG_CHECK: an invariant that, when broken, means a bug of ours. On the data side the process
// stops before a wrong byte is committed (DESIGN.md §4.8). Always on, in release builds too, so
// keep it out of per-row loops; THALWEG_DCHECK is for those and is compiled only into debug builds.
#pragma once

namespace thalweg {

/// Prints "file:line: check failed: expression: message" to stderr and aborts the process.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression,
                              const char* message);

}  // namespace thalweg

#define THALWEG_CHECK(expression, message)                              \
  do {                                                                  \
    if (__builtin_expect(!(expression), 0)) {                           \
      ::thalweg::CheckFailed(__FILE__, __LINE__, #expression, message); \
    }                                                                   \
  } while (false)

#ifdef NDEBUG
#define THALWEG_DCHECK(expression, message) \
  do {                                      \
  } while (false)
#else
#define THALWEG_DCHECK(expression, message) THALWEG_CHECK(expression, message)
#endif
