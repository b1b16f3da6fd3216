// Several records as the releases of one table, oldest first: what `matrix` and `report` share.
#pragma once

#include <string>
#include <vector>

#include "base/torch_version.h"
#include "record/record_file.h"
#include "verdict/history.h"
#include "workspace.h"

namespace exportgate::cli {

/// A record with the release that it is of.
struct Recorded {
    record::Record record;
    TorchVersion torch;
};

/// Every record, in the order of torch's versions, without what it holds of cases that were left
/// out. Errors: all of all records; two of one release, build and Python.
Results<std::vector<Recorded>> read_records(const std::vector<std::string>& files,
                                            const Workspace& workspace);

/// "2.13.0"; where another record is of the same release, what tells it from that one.
std::string column_name(const std::vector<Recorded>& records, std::size_t at);

/// What was observed, and what keeps it from being looked at. An incomplete record shows nothing: a
/// column with some letters would look like a release that was seen.
verdict::Release read_release(const record::Record& record, const Workspace& workspace,
                              const std::vector<matrix::Cell>& selected, std::string name,
                              Errors& problems);

}  // namespace exportgate::cli
