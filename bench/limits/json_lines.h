// Limits of decoding JSON lines of six fields in memory into columns. A: a scan written for this
// one layout, which compares every byte between the values. B: simdjson on-demand, a document a
// line. Both take the events that JsonEvents (json_inputs.h) makes. One thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace thalweg {

class JsonLinesLimit {
 public:
  /// Number of events of type "view" after all six fields went into columns; `bytes` as above.
  int64_t ScanByHand(std::string_view bytes);
  int64_t Simdjson(std::string_view bytes);

 private:
  void Begin(size_t events);

  std::vector<std::string_view> users_, types_, addresses_;
  std::vector<int64_t> ads_, times_;
  std::vector<double> prices_;
};

}  // namespace thalweg
