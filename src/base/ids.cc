#include "base/ids.h"

#include <cstdio>

namespace thalweg {

std::string NewUuid(Env& env) {
  const uint64_t high = (env.Random() & ~0xF000ull) | 0x4000ull;       // version 4
  const uint64_t low = (env.Random() & ~(3ull << 62)) | (2ull << 62);  // variant 10
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xFFFF), static_cast<unsigned>(high & 0xFFFF),
                static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFull));
  return text;
}

}  // namespace thalweg
