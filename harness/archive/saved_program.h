// A file of torch.export.save, read without torch: nothing in it is unpickled or run.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "archive/carried.h"
#include "archive/zip_file.h"
#include "base/error.h"
#include "graph/graph.h"

namespace exportgate::archive {

struct SavedModel {
    nlohmann::json document;  // of the ExportedProgram, as torch wrote it
    graph::Canonical canonical;
    CarriedByName carried;
    UnknownMembers unknown_of_carried;  // what is said of them that no torch says today
    std::string carried_unreadable;     // why `carried` is not all; empty where it is
    std::optional<Entry> example_inputs;
};

struct SavedProgram {
    std::shared_ptr<const ZipFile> file;
    std::string layout;                        // "serialized_exported_program.json", "pt2"
    std::map<std::string, SavedModel> models;  // most files have one, "model"
    std::map<std::string, Entry> others;       // entries that belong to no model: extra files
};

/// Errors: no file of torch.export.save (the message says what it is, where that is known), a
/// schema of another major version than 8, a graph that is not understood.
Result<SavedProgram> read_saved_program(const std::string& path);

}  // namespace exportgate::archive
