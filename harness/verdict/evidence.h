// What one record says of the declared cells, and what keeps it from being judged as a whole.
// Shared by the judge, which compares it with goldens, and by the upgrade gate, which compares two
// of them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "outcome/outcome.h"
#include "record/record_file.h"

namespace exportgate::verdict {

struct CellEvidence {
    const record::Observation* observation = nullptr;  // null: the record does not hold the cell
    std::optional<outcome::Outcome> outcome;
    std::string obstacle;                 // why there is no outcome; empty where there is one
    const matrix::Case* asked = nullptr;  // null: the case is not declared
    std::string case_error;  // the stage in which the case failed, where it does not expect that
    std::string place;       // where in the code of the case; "" where not known
    double seconds = 0;      // of the cell's child
};

class Evidence {
  public:
    /// `record` and `cases` must outlive this object. `cases` are all declared cases.
    Evidence(const record::Record& record, std::span<const matrix::Case> cases);

    /// False where the cell's case starts at a later torch than the record's.
    bool is_declared(const matrix::Cell& cell) const;

    /// No outcome: the record does not hold the cell, or says that nothing was seen of it, its
    /// print cannot be read, its case is not declared or was asked otherwise when the record was
    /// made.
    CellEvidence of(const matrix::Cell& cell) const;

    /// Why nothing of the record can be trusted to be whole: another declaration of a case, no
    /// footer or one that says incomplete, observed cells that no case declares (a cell that was
    /// renamed or removed must not fall silently out of the gate).
    const Errors& problems() const {
        return problems_;
    }

  private:
    /// What is the same for all cells of a case.
    struct CaseContext {
        const matrix::Case* asked = nullptr;
        record::Revisions carried_out = {};  // the checks, and the consumers that were asked for
        std::string obstacle;  // why none of its cells can be judged; empty where they can
        bool is_declared = true;
    };

    CaseContext context_of(const matrix::Case& asked);
    void find_undeclared(std::span<const matrix::Case> cases);
    void problem(std::string what, std::string remedy);

    const record::Record& record_;
    std::map<std::string_view, const record::Observation*> observations_;
    std::map<std::string, CaseContext> contexts_;
    Errors problems_;
};

}  // namespace exportgate::verdict
