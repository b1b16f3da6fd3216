// A person goes through what is pending, a change at a time, and decides by single keys.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "keyboard.h"
#include "pending_changes.h"

namespace exportgate::cli {

class ReviewSession {
  public:
    /// `why`: the reason for all that is accepted; empty: asked for once for each change.
    ReviewSession(const Folders& folders, const Workspace& workspace, std::string why)
        : folders_(folders), workspace_(workspace), why_(std::move(why)) {}

    /// Until all is decided, or the person ends it. False: standard output cannot be written.
    bool go(const std::vector<Proposal>& proposals);

    bool was_interrupted() {
        return keyboard_.was_interrupted();
    }
    /// What was to be written, and was refused or failed.
    bool failed() const {
        return failed_;
    }
    std::size_t accepted() const {
        return accepted_;
    }
    std::size_t left_red() const {
        return cells_ - accepted_;
    }
    /// What was accepted, to judge records again and to name the folders.
    const std::vector<Proposal>& proposals() const {
        return accepted_proposals_;
    }
    /// "3 cells accepted, 1 rejected: ...".
    std::string summary() const;

  private:
    enum class Step { next, stop };
    struct Known {
        const Proposal* proposal;
        const golden::Pending* pending;
    };

    Step decide(const ChangeGroup& group, const std::string& position);
    /// nullopt: the cells were not accepted, and the person was told why.
    std::optional<std::size_t> accept(const ChangeGroup& group,
                                      const std::vector<matrix::Cell>& cells, std::string& why);
    bool reject(const std::vector<matrix::Cell>& cells);
    bool show(const ChangeGroup& group, const std::string& position, std::size_t most_lines) const;
    bool explain(const matrix::Cell& cell) const;
    /// The reason as it is typed; nullopt: none, or the person ended it.
    std::optional<std::string> ask_why();

    const Folders& folders_;
    const Workspace& workspace_;
    std::string why_;
    Keyboard keyboard_;
    std::map<std::string, Known> known_;  // by the name of the cell
    std::vector<Proposal> accepted_proposals_;
    std::size_t cells_ = 0;
    std::size_t accepted_ = 0;
    std::size_t rejected_ = 0;
    bool failed_ = false;
    bool can_write_ = true;
};

}  // namespace exportgate::cli
