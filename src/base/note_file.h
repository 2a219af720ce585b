// Note files: small texts that are written once and must be read back unchanged: a checkpoint's
// metadata, what sources note below sources/N. A reader sees a whole note or an error that names
// file and byte.
//
//   thalweg <kind>, format 1, oldest reader 1
//   <text>
//   crc32c <of the lines above, eight hexadecimal digits>
//
// Pure but for the file system.
#pragma once

#include <string>
#include <string_view>

#include "base/env.h"

namespace thalweg {

/// Replaces the note atomically; `sync` makes it durable on return.
Status WriteNote(FileSystem& files, const std::string& path, std::string_view kind,
                 std::string_view text, bool sync);
/// The text of a note. Errors: THALWEG_CHECKPOINT_DAMAGED; THALWEG_CHECKPOINT_FORMAT.
Result<std::string> ReadNote(FileSystem& files, const std::string& path, std::string_view kind);
/// Checks a note of whatever kind. Errors: as ReadNote.
Status VerifyNote(FileSystem& files, const std::string& path);

}  // namespace thalweg
