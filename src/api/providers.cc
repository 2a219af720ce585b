#include "api/providers.h"

#include <charconv>

#include "base/conf.h"
#include "connectors/basic/rate.h"
#include "connectors/basic/sinks.h"
#include "connectors/files/file_table.h"
#include "connectors/kafka/kafka_table.h"
#include "connectors/socket/socket_table.h"
#include "formats/table_text.h"

namespace thalweg {
namespace {

constexpr int64_t kConsolePaceUs = 100'000;

Status CheckNoSchema(const SchemaPtr& schema, const char* format) {
  if (schema == nullptr) return Status::OK();
  return Status::User("THALWEG_INVALID_OPTION",
                      {{"option", "the columns"},
                       {"value", schema->Ddl()},
                       {"wanted", std::string("left out: ") + format + " has columns of its own"}});
}

Status ReadConsoleOptions(const Options& options, TableTextOptions* out) {
  out->rows_max = 20;
  out->width_max = 20;
  for (const auto& [key, value] : options) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc() && end == value.data() + value.size() && number >= 0;
    if (key == "numrows" && whole) {
      out->rows_max = number;
    } else if (key == "truncate" && (value == "true" || value == "false")) {
      out->width_max = value == "true" ? 20 : 0;
    } else if (key == "truncate" && whole) {
      out->width_max = static_cast<int>(number);
    } else if (key == "numrows" || key == "truncate") {
      return Status::User("THALWEG_INVALID_OPTION",
                          {{"option", key}, {"value", value}, {"wanted", "a whole number"}});
    } else {
      const std::string near = NearestName(key, {"numrows", "truncate"});
      return Status::User("THALWEG_UNKNOWN_OPTION",
                          {{"provider", "console"},
                           {"option", key},
                           {"hint", near.empty() ? "" : " Did you mean " + near + "?"}});
    }
  }
  return Status::OK();
}

/// Files of one format, read and written.
void RegisterFormat(Env& env, const std::string& name, Catalog* catalog) {
  const Format* format = FindFormat(name);
  catalog->RegisterProvider(
      name,
      [&env, format](const Options& options, const std::vector<std::string>& paths,
                     SchemaPtr schema, bool streaming) -> Result<TablePtr> {
        FileReadOptions read;
        read.format = format;
        read.paths = paths;
        read.options = options;
        read.schema = std::move(schema);
        read.streaming = streaming;
        return MakeFileReadTable(env, std::move(read));
      });
  catalog->RegisterSink(
      name,
      [&env, format](const Options& options, SchemaPtr schema,
                     const std::vector<std::string>& partitions) -> Result<TablePtr> {
        FileWriteOptions write;
        write.format = format;
        write.options = options;
        write.path = write.options["path"];
        write.options.erase("path");
        write.schema = std::move(schema);
        write.partition_columns = partitions;
        return MakeFileWriteTable(env, std::move(write));
      });
}

/// The client's library is opened by the first query that runs on Kafka.
void RegisterKafka(Catalog* catalog) {
  catalog->RegisterProvider("kafka",
                            [](const Options& options, const std::vector<std::string>&,
                               SchemaPtr schema, bool streaming) -> Result<TablePtr> {
                              THALWEG_RETURN_NOT_OK(CheckNoSchema(schema, "kafka"));
                              return MakeKafkaReadTable(KafkaLibrary(), options, streaming);
                            });
  catalog->RegisterSink("kafka",
                        [](const Options& options, SchemaPtr schema,
                           const std::vector<std::string>& partitions) -> Result<TablePtr> {
                          if (!partitions.empty()) {
                            return NotSupportedYet("PARTITIONED BY of a kafka table");
                          }
                          return MakeKafkaWriteTable(KafkaLibrary(), options, schema);
                        });
}

}  // namespace

void RegisterProviders(Env& env, Catalog* catalog) {
  catalog->RegisterProvider("rate",
                            [](const Options& options, const std::vector<std::string>&,
                               SchemaPtr schema, bool) -> Result<TablePtr> {
                              THALWEG_RETURN_NOT_OK(CheckNoSchema(schema, "rate"));
                              return MakeRateTable(options);
                            });
  catalog->RegisterProvider("rate-micro-batch",
                            [](const Options& options, const std::vector<std::string>&,
                               SchemaPtr schema, bool) -> Result<TablePtr> {
                              THALWEG_RETURN_NOT_OK(CheckNoSchema(schema, "rate-micro-batch"));
                              return MakeRateMicroBatchTable(options);
                            });
  catalog->RegisterProvider("socket",
                            [](const Options& options, const std::vector<std::string>&,
                               SchemaPtr schema, bool) -> Result<TablePtr> {
                              THALWEG_RETURN_NOT_OK(CheckNoSchema(schema, "socket"));
                              return MakeSocketTable(options);
                            });
  catalog->RegisterSink(
      "noop",
      [](const Options&, SchemaPtr schema, const std::vector<std::string>&) -> Result<TablePtr> {
        return MakeNoopTable(std::move(schema), std::make_shared<NoopCounts>());
      });
  catalog->RegisterSink(
      "console",
      [](const Options&, SchemaPtr, const std::vector<std::string>&) -> Result<TablePtr> {
        return NotSupportedYet("a console outside a pipeline");
      });
  RegisterKafka(catalog);
  for (const std::string& name : FormatNames()) RegisterFormat(env, name, catalog);
}

Result<TablePtr> MakeConsoleTable(const ConsoleOptions& options, SchemaPtr schema,
                                  std::function<void(const std::string&)> print) {
  TableTextOptions text;
  THALWEG_RETURN_NOT_OK(ReadConsoleOptions(options.options, &text));
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(options.session_zone));
  const auto show = [text, zone, name = options.name, print = std::move(print)](
                        int64_t epoch, const SchemaPtr& columns, const std::vector<Batch>& rows) {
    static constexpr char kRule[] = "-------------------------------------------\n";
    print(kRule + ("Batch: " + std::to_string(epoch) + "  (" + name + ")\n") + kRule +
          DrawTable(*columns, rows, *zone, text) + "\n");
    return Status::OK();
  };
  return MakeEpochTable("console", std::move(schema), show, kConsolePaceUs);
}

}  // namespace thalweg
