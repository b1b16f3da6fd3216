// What a case may say besides what it asks: a tolerance, what has to be installed, what is imported
// beforehand.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "matrix/toml_input.h"

namespace exportgate::matrix {

/// tolerance = { rtol = 1e-4, atol = 1e-5 }: both, none of them negative, rtol below 1:
/// otherwise zeros would be equal to everything.
std::optional<Tolerance> read_tolerance(const Entry& entry, Mistakes& mistakes);

/// first_torch = "2.6.0"
std::optional<TorchVersion> read_release(const Entry& entry, Mistakes& mistakes);

/// requires = ["transformers>=5.20"]
std::vector<Requirement> read_requirements(const Entry& entry, Mistakes& mistakes);

/// preload = ["transformers.models.llama"]: names of modules, sorted, each once.
std::vector<std::string> read_preload(const Entry& entry, Mistakes& mistakes);

/// [export]: options of torch.export.export() by name.
std::map<std::string, ExportOption> read_export_options(const Entry& entry, Mistakes& mistakes);

/// rounds = { edges = "the values are indices" }: rounds that are left out, each with a reason.
std::map<std::string, std::string> read_rounds(const Entry& entry, Mistakes& mistakes);

/// consumers = ["aoti"]: in case.toml, and of all cases in exportgate.toml.
std::vector<std::string> read_consumers(const Entry& entry, Mistakes& mistakes);

}  // namespace exportgate::matrix
