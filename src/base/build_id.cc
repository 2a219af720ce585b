#include "base/build_id.h"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace thalweg {
namespace {

std::string FindNote(const char* notes, size_t size);

// Called for the program first, then for its libraries.
int TakeBuildId(dl_phdr_info* info, size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
    std::string id = FindNote(notes, segment.p_memsz);
    if (!id.empty()) *static_cast<std::string*>(out) = std::move(id);
  }
  return 1;
}

size_t PaddedTo4(size_t bytes) {
  return (bytes + 3) & ~size_t{3};
}

std::string FindNote(const char* notes, size_t size) {
  constexpr char kOwner[] = "GNU";
  size_t at = 0;
  while (at + sizeof(ElfW(Nhdr)) <= size) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes + at, sizeof note);
    const char* owner = notes + at + sizeof note;
    const char* content = owner + PaddedTo4(note.n_namesz);
    at = static_cast<size_t>(content - notes) + PaddedTo4(note.n_descsz);
    if (at > size) break;
    if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof kOwner ||
        std::memcmp(owner, kOwner, sizeof kOwner) != 0) {
      continue;
    }
    std::string id;
    for (size_t i = 0; i < note.n_descsz; ++i) {
      const auto byte = static_cast<unsigned char>(content[i]);
      id += "0123456789abcdef"[byte >> 4];
      id += "0123456789abcdef"[byte & 15];
    }
    return id;
  }
  return "";
}

}  // namespace

std::string BuildId() {
  std::string id;
  dl_iterate_phdr(TakeBuildId, &id);
  return id.empty() ? "unknown" : id;
}

}  // namespace thalweg
