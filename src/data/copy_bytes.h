// Copying of short byte strings of varying length without a call: exact, nothing behind the end is
// read or written.
#pragma once

#include <cstdint>
#include <cstring>

namespace thalweg {

inline void CopyBytes(const void* from, uint32_t count, void* to) {
  const char* source = static_cast<const char*>(from);
  char* target = static_cast<char*>(to);
  const auto both_ends = [&](auto word) {  // the two words may overlap
    auto tail = word;
    std::memcpy(&word, source, sizeof(word));
    std::memcpy(&tail, source + count - sizeof(word), sizeof(word));
    std::memcpy(target, &word, sizeof(word));
    std::memcpy(target + count - sizeof(word), &tail, sizeof(word));
  };
  if (count > 64) {
    std::memcpy(target, source, count);
  } else if (count >= 16) {
    struct Word {
      uint64_t low, high;
    };
    Word tail;
    std::memcpy(&tail, source + count - sizeof(Word), sizeof(Word));
    for (uint32_t at = 0; at + sizeof(Word) < count; at += sizeof(Word)) {
      std::memcpy(target + at, source + at, sizeof(Word));
    }
    std::memcpy(target + count - sizeof(Word), &tail, sizeof(Word));
  } else if (count >= 8) {
    both_ends(uint64_t());
  } else if (count >= 4) {
    both_ends(uint32_t());
  } else if (count >= 2) {
    both_ends(uint16_t());
  } else if (count == 1) {
    *target = *source;
  }
}

}  // namespace thalweg
