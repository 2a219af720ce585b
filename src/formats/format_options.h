// The options of formats by one table a format: which there are, and which of their values are
// built. Names are Spark's and case-insensitive; an option is never ignored: an unknown one is
// refused with the nearest name, a value that is not built with THALWEG_NOT_SUPPORTED_YET. An
// option of reading is accepted where a file is written and the other way round, because both may
// be given to a table. Options of the file source (path, pathGlobFilter, …) are not among them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/contracts.h"

namespace thalweg {

struct FormatOption {
  const char* name;
  /// Accepted values, "a|b", in any case; nullptr: the format reads them itself.
  const char* read_values = nullptr;
  const char* write_values = nullptr;
};

/// Errors: THALWEG_UNKNOWN_OPTION, THALWEG_NOT_SUPPORTED_YET.
Status CheckOptionNames(std::string_view format, const std::vector<FormatOption>& known,
                        const Options& options, bool write);

/// The values of options that CheckOptionNames has seen; keys in lower case. Errors:
/// STDS_INVALID_OPTION_VALUE.WITH_MESSAGE.
std::string TextOption(const Options& options, std::string_view key, std::string_view fallback);
Status BoolOption(const Options& options, std::string_view key, bool* out);
Status IntOption(const Options& options, std::string_view key, int64_t* out);
Status InvalidOption(std::string_view key, std::string_view value, std::string_view message);

enum class ParseMode : uint8_t { kPermissive, kDropMalformed, kFailFast };
Status ModeOption(const Options& options, ParseMode* out);

/// ".gz" or "" by the option compression (or codec) of a text format. Errors:
/// CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION; THALWEG_NOT_SUPPORTED_YET.
Status CompressionOption(const Options& options, std::string* extension);

}  // namespace thalweg
