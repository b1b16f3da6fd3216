#include "outcome/further_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "outcome/dims_difference.h"
#include "record/observed_schemas.h"

namespace exportgate::outcome {
namespace {

class FurtherPrograms {
  public:
    FurtherPrograms(const graph::Canonical& exported,
                    const std::vector<graph::RequestedDim>& requested,
                    const graph::ObservedSchemas& schemas, std::vector<CheckResult>& checks)
        : exported_(exported), requested_(requested), schemas_(schemas), checks_(checks) {}

    /// The program of `check`; none where there is none, it cannot be read, or the
    /// check was not carried out.
    std::optional<graph::Canonical> read(std::string_view check, std::string_view word,
                                         const std::string& print) {
        const CheckResult* result = find(check);
        if (result == nullptr) return std::nullopt;  // was not carried out
        if (print.empty()) {
            if (result->status == CheckStatus::pass)
                fail(check, fmt::format("the {} program cannot be read: it was not printed", word));
            return std::nullopt;
        }
        auto program = graph::canonicalise(print, "", requested_, schemas_);
        if (program) return std::move(*program);
        fail(check, fmt::format("the {} program cannot be read: line {}: {}", word,
                                program.error().line, program.error().what));
        return std::nullopt;
    }

    /// That it is the same program, told by the first thing that it is not.
    void compare_structure(std::string_view check, std::string_view word,
                           const graph::Canonical& made) {
        if (made.text == exported_.text) return;
        const auto differences = graph::structural_diff(exported_, made);
        fail(check, fmt::format("the {} program has another structure{}{}", word,
                                differences.empty() ? "" : ": ",
                                differences.empty() ? "" : differences.front().words));
    }

    void compare_dims(std::string_view check, std::string_view word, const graph::Canonical& made,
                      const matrix::Case& asked) {
        for (std::string& reason : dims_difference(exported_, made, word, asked))
            fail(check, std::move(reason));
    }

  private:
    CheckResult* find(std::string_view name) {
        const auto found =
            std::find_if(checks_.begin(), checks_.end(),
                         [&](const CheckResult& check) { return check.name == name; });
        return found == checks_.end() ? nullptr : &*found;
    }

    void fail(std::string_view name, std::string reason) {
        CheckResult& check = *find(name);
        check.status = CheckStatus::fail;
        const auto place = std::lower_bound(check.reasons.begin(), check.reasons.end(), reason);
        check.reasons.insert(place, std::move(reason));
    }

    const graph::Canonical& exported_;
    const std::vector<graph::RequestedDim>& requested_;
    const graph::ObservedSchemas& schemas_;
    std::vector<CheckResult>& checks_;
};

}  // namespace

std::string check_further_programs(const record::Exported& seen, const graph::Canonical& exported,
                                   const std::vector<graph::RequestedDim>& requested,
                                   const matrix::Case& asked, std::vector<CheckResult>& checks) {
    const auto schemas = record::observed_schemas(seen);
    FurtherPrograms programs(exported, requested, schemas, checks);
    if (const auto loaded = programs.read("save_load", "loaded", seen.loaded))
        programs.compare_structure("save_load", "loaded", *loaded);
    if (const auto retraced = programs.read("retrace", "retraced", seen.retraced))
        programs.compare_dims("retrace", "retraced", *retraced, asked);
    auto decomposed = programs.read("decompose", "decomposed", seen.decomposed);
    if (!decomposed) return "";
    programs.compare_dims("decompose", "decomposed", *decomposed, asked);
    return std::move(decomposed->text);
}

}  // namespace exportgate::outcome
