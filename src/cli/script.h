// Scripts of `thalweg test`: text files that say what is done and, below a line `----`, what must
// come out, up to an empty line. A line that begins with a blank continues the one above it; `#`
// begins a comment line.
//
//   sql SELECT 1 AS x            a statement; its columns, then its rows
//   conf KEY VALUE               a setting
//   static dim(k STRING) a  b    a batch table with rows
//   stream ev(ts TIMESTAMP, …)   a stream; watermark COLUMN DELAY: of the stream above it
//   query SELECT …               the streaming query; mode append|update|complete; `ordered` keeps
//                                the order of its rows, which are sorted otherwise
//   epoch 00:00:01,ann  …        rows (of one stream; else `name: rows`), one trigger, its output
//   clock 00:00:05               the processing time from here on
//   restart                      stop, and start again from the checkpoint: only where it says so
//   steady                       no world restarts or crashes: for what Spark forgets at a restart
//
// Times without a date are of 2024-01-01. An output `! …` is an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace thalweg {

/// What came out of a directive, line by line.
using ScriptOutput = std::vector<std::string>;

struct Directive {
  int line = 0;         // of the keyword, 1-based
  int end_line = 0;     // the last line of its text
  std::string keyword;  // "sql", "epoch", …
  std::string text;     // the rest, continued lines as they stand
  bool has_expected = false;
  ScriptOutput expected;
};

struct Script {
  std::string path;
  std::vector<std::string> lines;
  std::vector<Directive> directives;
  bool Has(std::string_view keyword) const;
};

/// Errors: a line that is no directive.
Result<Script> ReadScript(std::string path, std::string_view text);
/// The text of the script with other outputs, one per directive.
std::string RewriteScript(const Script& script, const std::vector<ScriptOutput>& outputs);

}  // namespace thalweg
