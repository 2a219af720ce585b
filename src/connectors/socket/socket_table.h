// `socket`: lines that a server sends over TCP, for trying things out. A line is a row (value
// STRING[, timestamp TIMESTAMP: when it came]). Lines cannot be asked for again, so those of an
// epoch are noted in the checkpoint before it (received_lines.h), and it is replayed like any
// other; what had come and was in no epoch when the process was killed is lost.
#pragma once

#include "connectors/socket/line_connection.h"
#include "data/contracts.h"

namespace thalweg {

/// Options: host, port, includeTimestamp (false). Errors: a missing, unknown or wrong option.
Result<TablePtr> MakeSocketTable(const Options& options, LineConnector connect = ConnectTcp);

}  // namespace thalweg
