// Files of JSON lines. Made by JsonFormat.
#pragma once

#include <memory>

#include "formats/format.h"
#include "formats/json/json_options.h"

namespace thalweg {

Result<std::unique_ptr<FormatWriter>> OpenJsonWriter(Env& env, const std::string& path,
                                                     const FormatWriteRequest& request,
                                                     const JsonOptions& options);

}  // namespace thalweg
