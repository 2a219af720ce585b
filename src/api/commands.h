// Commands of a session: what statements other than queries do and show. Private to api/.
#pragma once

#include "api/session.h"

namespace thalweg {

/// Runs a statement that is not a query. Errors: Spark's conditions, THALWEG_NOT_SUPPORTED_YET.
Result<QueryRows> RunCommand(Session& session, const Statement& statement,
                             const SqlArguments& arguments);

}  // namespace thalweg
