#include "formats/format_options.h"

#include <charconv>

#include "base/conf.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

const std::string* Find(const Options& options, std::string_view key) {
  const auto found = options.find(std::string(key));
  return found == options.end() ? nullptr : &found->second;
}

bool IsAmong(std::string_view value, std::string_view values) {
  while (true) {
    const size_t bar = values.find('|');
    if (EqualsIgnoringCase(value, values.substr(0, bar))) return true;
    if (bar == values.npos) return false;
    values.remove_prefix(bar + 1);
  }
}

Status CheckValue(std::string_view format, const FormatOption& option, const std::string& value,
                  bool write) {
  const char* const values = write ? option.write_values : option.read_values;
  if (values == nullptr || IsAmong(value, values)) return Status::OK();
  std::string feature = "the option " + std::string(option.name) + " = '" + value + "' when " +
                        std::string(format) + (write ? " is written" : " is read");
  if (*values != '\0') feature += " (built is: " + std::string(values) + ")";
  return NotSupportedYet(feature);
}

}  // namespace

Status CheckOptionNames(std::string_view format, const std::vector<FormatOption>& known,
                        const Options& options, bool write) {
  for (const auto& [key, value] : options) {
    const FormatOption* option = nullptr;
    std::vector<std::string_view> names;
    for (const FormatOption& one : known) {
      if (EqualsIgnoringCase(one.name, key)) option = &one;
      names.push_back(one.name);
    }
    if (option == nullptr) {
      const std::string near = NearestName(key, names);
      return Status::User("THALWEG_UNKNOWN_OPTION",
                          {{"provider", std::string(format)},
                           {"option", key},
                           {"hint", near.empty() ? "" : " Did you mean " + near + "?"}});
    }
    THALWEG_RETURN_NOT_OK(CheckValue(format, *option, value, write));
  }
  return Status::OK();
}

std::string TextOption(const Options& options, std::string_view key, std::string_view fallback) {
  const std::string* value = Find(options, key);
  return value == nullptr ? std::string(fallback) : *value;
}

Status BoolOption(const Options& options, std::string_view key, bool* out) {
  const std::string* value = Find(options, key);
  if (value == nullptr) return Status::OK();
  *out = EqualsIgnoringCase(*value, "true");
  if (*out || EqualsIgnoringCase(*value, "false")) return Status::OK();
  return InvalidOption(key, *value, "write true or false");
}

Status IntOption(const Options& options, std::string_view key, int64_t* out) {
  const std::string* value = Find(options, key);
  if (value == nullptr) return Status::OK();
  const char* const end = value->data() + value->size();
  const auto parsed = std::from_chars(value->data(), end, *out);
  if (parsed.ec == std::errc() && parsed.ptr == end) return Status::OK();
  return InvalidOption(key, *value, "write a number");
}

Status InvalidOption(std::string_view key, std::string_view value, std::string_view message) {
  return Status::User("STDS_INVALID_OPTION_VALUE.WITH_MESSAGE",
                      {{"optionName", std::string(key)},
                       {"message", "'" + std::string(value) + "': " + std::string(message)}});
}

Status ModeOption(const Options& options, ParseMode* out) {
  const std::string mode = TextOption(options, "mode", "PERMISSIVE");
  if (EqualsIgnoringCase(mode, "PERMISSIVE")) {
    *out = ParseMode::kPermissive;
  } else if (EqualsIgnoringCase(mode, "DROPMALFORMED")) {
    *out = ParseMode::kDropMalformed;
  } else if (EqualsIgnoringCase(mode, "FAILFAST")) {
    *out = ParseMode::kFailFast;
  } else {
    return InvalidOption("mode", mode, "there are PERMISSIVE, DROPMALFORMED and FAILFAST");
  }
  return Status::OK();
}

Status CompressionOption(const Options& options, std::string* extension) {
  const std::string codec =
      TextOption(options, "compression", TextOption(options, "codec", "none"));
  if (IsAmong(codec, "none|uncompressed")) {
    extension->clear();
  } else if (EqualsIgnoringCase(codec, "gzip")) {
    *extension = ".gz";
  } else if (IsAmong(codec, "bzip2|deflate|snappy|lz4")) {
    return NotSupportedYet("writing files compressed with " + codec + " (gzip is built)");
  } else {
    return Status::User("CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
                        {{"codecName", codec}, {"availableCodecs", "none, uncompressed, gzip"}});
  }
  return Status::OK();
}

}  // namespace thalweg
