#include "formats/json/json_options.h"

#include <algorithm>
#include <limits>

#include "data/type_text.h"

namespace thalweg {
namespace {

const std::vector<FormatOption>& KnownOptions() {
  static const auto* known = new std::vector<FormatOption>{
      {"allowBackslashEscapingAnyCharacter"},
      {"allowComments"},
      {"allowNonNumericNumbers"},
      {"allowNumericLeadingZeros"},
      {"allowSingleQuotes"},
      {"allowUnquotedControlChars"},
      {"allowUnquotedFieldNames"},
      {"charset", "utf-8|utf8", "utf-8|utf8"},
      {"codec"},
      {"columnNameOfCorruptRecord"},
      {"compression"},
      {"dateFormat"},
      {"dropFieldIfAllNull"},
      {"enableDateTimeParsingFallback", "true", nullptr},
      {"encoding", "utf-8|utf8", "utf-8|utf8"},
      {"ignoreNullFields"},
      {"inferTimestamp"},
      {"lineSep"},
      {"locale", "en-US", "en-US"},
      {"maxNestingDepth"},
      {"maxNumLen"},
      {"maxStringLen"},
      {"mode"},
      {"multiLine", "false", nullptr},
      {"prefersDecimal"},
      {"pretty", nullptr, "false"},
      {"primitivesAsString"},
      {"samplingRatio", "1|1.0", nullptr},
      {"timeFormat", "", "HH:mm:ss"},
      {"timeZone"},
      {"timestampFormat"},
      {"timestampNTZFormat"},
      {"writeNonAsciiCharacterAsCodePoint", nullptr, "false"},
  };
  return *known;
}

Status ReadSyntax(const Options& options, JsonSyntax* out) {
  int64_t depth_max = out->depth_max;
  THALWEG_RETURN_NOT_OK(
      BoolOption(options, "allowbackslashescapinganycharacter", &out->backslash_any_character));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "allowcomments", &out->comments));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "allownonnumericnumbers", &out->non_numeric_numbers));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "allownumericleadingzeros", &out->leading_zeros));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "allowsinglequotes", &out->single_quotes));
  THALWEG_RETURN_NOT_OK(
      BoolOption(options, "allowunquotedcontrolchars", &out->unquoted_control_characters));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "allowunquotedfieldnames", &out->unquoted_names));
  THALWEG_RETURN_NOT_OK(IntOption(options, "maxnestingdepth", &depth_max));
  THALWEG_RETURN_NOT_OK(IntOption(options, "maxnumlen", &out->number_digits_max));
  THALWEG_RETURN_NOT_OK(IntOption(options, "maxstringlen", &out->string_bytes_max));
  constexpr int64_t kDepthMax = 10'000;  // of what our own stack holds
  if (depth_max < 0 || depth_max > kDepthMax) {
    return InvalidOption("maxNestingDepth", std::to_string(depth_max), "at most 10000 is built");
  }
  out->depth_max = static_cast<int>(depth_max);
  return Status::OK();
}

}  // namespace

bool IsJsonOption(std::string_view name) {
  return std::any_of(KnownOptions().begin(), KnownOptions().end(), [&](const FormatOption& known) {
    return EqualsIgnoringCase(known.name, name);
  });
}

Status ReadJsonOptions(const Options& options, bool write, JsonOptions* out) {
  THALWEG_RETURN_NOT_OK(CheckOptionNames("json", KnownOptions(), options, write));
  THALWEG_RETURN_NOT_OK(ReadSyntax(options, &out->syntax));
  THALWEG_RETURN_NOT_OK(ModeOption(options, &out->mode));
  out->corrupt_column = TextOption(options, "columnnameofcorruptrecord", out->corrupt_column);
  out->zone = TextOption(options, "timezone", "");
  out->line_separator = TextOption(options, "linesep", "");
  if (out->line_separator.empty() && options.count("linesep") != 0) {
    return InvalidOption("lineSep", "", "a separator has at least one character");
  }
  THALWEG_RETURN_NOT_OK(BoolOption(options, "primitivesasstring", &out->primitives_as_string));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "prefersdecimal", &out->prefers_decimal));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "dropfieldifallnull", &out->drop_all_null));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "infertimestamp", &out->infer_timestamp));
  THALWEG_RETURN_NOT_OK(JsonTimeFormats::Read(options, write, &out->formats));
  if (out->infer_timestamp && out->formats.timestamp != nullptr && !write) {
    return NotSupportedYet("the option inferTimestamp together with timestampFormat");
  }
  THALWEG_RETURN_NOT_OK(BoolOption(options, "ignorenullfields", &out->ignore_null_fields));
  if (!write) return Status::OK();  // what is read is told by the names of the files
  return CompressionOption(options, &out->compression);
}

}  // namespace thalweg
