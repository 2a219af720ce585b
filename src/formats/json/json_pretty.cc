#include "formats/json/json_pretty.h"

#include <vector>

namespace thalweg {
namespace {

// Behind the string that begins at `at`.
size_t EndOfString(std::string_view json, size_t at) {
  for (++at; json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

}  // namespace

std::string PrettyJson(std::string_view json) {
  std::string out;
  std::vector<char> open;  // brackets around
  size_t depth = 0;        // of objects: arrays stay on their line
  const auto new_line = [&] {
    out += '\n';
    out.append(2 * depth, ' ');
  };
  for (size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      const size_t end = EndOfString(json, at);
      out.append(json.substr(at, end - at));
      at = end;
      continue;
    }
    ++at;
    if (c == '{' || c == '[') {
      open.push_back(c);
      out += c;
      const bool empty = json[at] == '}' || json[at] == ']';
      if (c == '{') ++depth;
      if (c == '{' && !empty) new_line();
      if (c == '[' || empty) out += ' ';
    } else if (c == '}' || c == ']') {
      const bool empty = json[at - 2] == '{' || json[at - 2] == '[';
      if (c == '}') --depth;
      if (!empty && c == '}') new_line();
      if (!empty && c == ']') out += ' ';
      open.pop_back();
      out += c;
    } else if (c == ',') {
      out += c;
      if (open.back() == '{') {
        new_line();
      } else {
        out += ' ';
      }
    } else if (c == ':') {
      out += " : ";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace thalweg
