// The operating system's zone database, one compiled file a zone. The one place that reads it: it
// belongs to the machine like the compiler's tables and is not simulated.
#pragma once

#include <string>

namespace thalweg {

/// The bytes of the zone file of `id` ("Europe/Berlin"), which has only letters, digits and
/// "/_+-"; false if there is none.
bool ReadZoneFile(const std::string& id, std::string* bytes);

/// The version of the database ("2024a"), "" if unknown: what a replay must find again.
std::string ZoneDatabaseVersion();

}  // namespace thalweg
