#include "outcome/further_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "outcome/dims_difference.h"

namespace exportgate::outcome {
namespace {

/// Length of "keepdim=" at the beginning of `text`; 0 where there is no keyword.
std::size_t keyword_length(std::string_view text) {
    const std::size_t end =
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return end == 0 || end == std::string_view::npos || text[end] != '=' ? 0 : end + 1;
}

/// Whether two canonical texts are equal but for operands that one of them gives by keyword, in
/// their place, and the other by position: torch up to 2.6 loads `sum(x, [2], True)` as `sum(x,
/// [2], keepdim=True)`. Two different keywords are two different operands.
bool are_equal_but_for_keywords(std::string_view one, std::string_view other) {
    while (!one.empty() && !other.empty()) {
        const std::size_t keyword = keyword_length(one);
        const std::size_t other_keyword = keyword_length(other);
        if (keyword > 0 && other_keyword == 0) {
            one.remove_prefix(keyword);
        } else if (other_keyword > 0 && keyword == 0) {
            other.remove_prefix(other_keyword);
        } else if (one.front() != other.front()) {
            return false;
        } else {
            one.remove_prefix(1);
            other.remove_prefix(1);
        }
    }
    return one.empty() && other.empty();
}

class FurtherPrograms {
  public:
    FurtherPrograms(const graph::Canonical& exported,
                    const std::vector<graph::RequestedDim>& requested,
                    std::vector<CheckResult>& checks)
        : exported_(exported), requested_(requested), checks_(checks) {}

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
        auto program = graph::canonicalise(print, "", requested_);
        if (program) return std::move(*program);
        fail(check, fmt::format("the {} program cannot be read: line {}: {}", word,
                                program.error().line, program.error().what));
        return std::nullopt;
    }

    /// That it is the same program, told by the first thing that it is not.
    void compare_structure(std::string_view check, std::string_view word,
                           const graph::Canonical& made) {
        if (are_equal_but_for_keywords(made.text, exported_.text)) return;
        const auto sentences = graph::structural_diff(exported_, made);
        fail(check, fmt::format("the {} program has another structure{}{}", word,
                                sentences.empty() ? "" : ": ",
                                sentences.empty() ? "" : sentences.front()));
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
    std::vector<CheckResult>& checks_;
};

}  // namespace

std::string check_further_programs(const record::Exported& seen, const graph::Canonical& exported,
                                   const std::vector<graph::RequestedDim>& requested,
                                   const matrix::Case& asked, std::vector<CheckResult>& checks) {
    FurtherPrograms programs(exported, requested, checks);
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
