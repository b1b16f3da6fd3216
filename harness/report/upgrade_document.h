// The parts that the report of an upgrade has in every form.
#pragma once

#include <vector>

#include "document/document.h"
#include "report/upgrade_groups.h"

namespace exportgate::report {

/// For whom a document is made: the words are the same, how much is shown of them is not.
enum class Form {
    terminal,
    whole,   // for a terminal, nothing cut
    comment  // of a pull request
};

/// The groups as folds: title, cells, outcomes, reasons, gains, message, diffs, steps.
class GroupFolds {
  public:
    /// `upgrade` must outlive this object.
    GroupFolds(const verdict::Upgrade& upgrade, Form form);

    document::Fold of(const ChangeGroup& group) const;

    /// Its title alone.
    document::Fold brief(const ChangeGroup& group) const;

  private:
    document::Text title(const ChangeGroup& group, const std::vector<std::string>& sets) const;
    document::List outcomes(const ChangeGroup& group) const;
    void add_diffs(const Change& change, document::Document& blocks) const;
    void add_steps(const ChangeGroup& group, document::Document& blocks) const;

    const verdict::Upgrade& upgrade_;
    Form form_;
    std::vector<matrix::Cell> all_;
};

/// What torch or a case wrote, as long as the form has room for it.
std::vector<std::string> shown(std::vector<std::string> lines, Form form);
std::string shown(std::string line, Form form);

}  // namespace exportgate::report
