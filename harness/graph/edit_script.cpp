#include "graph/edit_script.h"

#include <algorithm>
#include <dtl/dtl.hpp>
#include <string_view>
#include <unordered_map>

namespace exportgate::graph {
namespace {

// dtl takes time and memory in proportion to the lines times the differences.
constexpr std::size_t most_lines = 2000;

using Lines = std::vector<int>;  // each distinct line has a number

class Script {
  public:
    Script(const Lines& before, const Lines& after) : before_(before), after_(after) {}

    std::vector<Edit> make() {
        section(0, before_.size(), 0, after_.size(), true);
        removals_first();
        return std::move(edits_);
    }

  private:
    /// Within a run of changes, dtl's order depends on which side is longer; readers expect what is
    /// gone before what came.
    void removals_first() {
        const auto changes = [](const Edit& edit) { return edit.kind != Edit::Kind::keep; };
        const auto removes = [](const Edit& edit) { return edit.kind == Edit::Kind::remove; };
        for (auto begin = edits_.begin(); begin != edits_.end();) {
            begin = std::find_if(begin, edits_.end(), changes);
            const auto end = std::find_if_not(begin, edits_.end(), changes);
            std::stable_partition(begin, end, removes);
            begin = end;
        }
    }

    void keep(std::size_t before, std::size_t after) {
        edits_.push_back({Edit::Kind::keep, before, after});
    }

    void section(std::size_t begin, std::size_t end, std::size_t new_begin, std::size_t new_end,
                 bool may_split) {
        while (begin < end && new_begin < new_end && before_[begin] == after_[new_begin])
            keep(begin++, new_begin++);
        std::size_t same = 0;
        while (begin + same < end && new_begin + same < new_end &&
               before_[end - same - 1] == after_[new_end - same - 1]) {
            ++same;
        }
        middle(begin, end - same, new_begin, new_end - same, may_split);
        for (; same > 0; --same)
            keep(end - same, new_end - same);
    }

    void middle(std::size_t begin, std::size_t end, std::size_t new_begin, std::size_t new_end,
                bool may_split) {
        if (begin == end || new_begin == new_end) {
            replace(begin, end, new_begin, new_end);
        } else if (end - begin <= most_lines && new_end - new_begin <= most_lines) {
            shortest(begin, end, new_begin, new_end);
        } else if (may_split) {
            split(begin, end, new_begin, new_end);
        } else {
            replace(begin, end, new_begin, new_end);
        }
    }

    void replace(std::size_t begin, std::size_t end, std::size_t new_begin, std::size_t new_end) {
        for (std::size_t i = begin; i < end; ++i)
            edits_.push_back({Edit::Kind::remove, i, 0});
        for (std::size_t i = new_begin; i < new_end; ++i)
            edits_.push_back({Edit::Kind::add, 0, i});
    }

    void shortest(std::size_t begin, std::size_t end, std::size_t new_begin, std::size_t new_end) {
        const auto part = [](const Lines& lines, std::size_t from, std::size_t to) {
            return Lines(lines.begin() + static_cast<std::ptrdiff_t>(from),
                         lines.begin() + static_cast<std::ptrdiff_t>(to));
        };
        dtl::Diff<int> diff(part(before_, begin, end), part(after_, new_begin, new_end));
        diff.onHuge();
        diff.compose();
        std::size_t at = begin;
        std::size_t new_at = new_begin;
        for (const auto& [line, info] : diff.getSes().getSequence()) {
            switch (info.type) {
                case dtl::SES_COMMON:
                    keep(at++, new_at++);
                    break;
                case dtl::SES_DELETE:
                    edits_.push_back({Edit::Kind::remove, at++, 0});
                    break;
                default:
                    edits_.push_back({Edit::Kind::add, 0, new_at++});
                    break;
            }
        }
    }

    /// At lines that occur once on both sides, as far as they come in the same order.
    void split(std::size_t begin, std::size_t end, std::size_t new_begin, std::size_t new_end) {
        struct Count {
            std::size_t old_count = 0;
            std::size_t new_count = 0;
            std::size_t new_position = 0;
        };
        std::unordered_map<int, Count> counts;
        for (std::size_t i = begin; i < end; ++i)
            ++counts[before_[i]].old_count;
        for (std::size_t i = new_begin; i < new_end; ++i) {
            Count& count = counts[after_[i]];
            ++count.new_count;
            count.new_position = i;
        }
        std::size_t at = begin;
        std::size_t new_at = new_begin;
        for (std::size_t i = begin; i < end; ++i) {
            const Count& count = counts[before_[i]];
            if (count.old_count != 1 || count.new_count != 1 || count.new_position < new_at)
                continue;
            // An anchor far ahead would cost all the anchors between: such a line has moved, and is
            // left alone.
            if (count.new_position - new_at > (i - at) + most_lines) continue;
            section(at, i, new_at, count.new_position, false);
            keep(i, count.new_position);
            at = i + 1;
            new_at = count.new_position + 1;
        }
        section(at, end, new_at, new_end, false);
    }

    const Lines& before_;
    const Lines& after_;
    std::vector<Edit> edits_;
};

}  // namespace

std::vector<Edit> edit_script(const std::vector<std::string>& before,
                              const std::vector<std::string>& after) {
    std::unordered_map<std::string_view, int> numbers;
    const auto numbered = [&](const std::vector<std::string>& lines) {
        Lines result;
        result.reserve(lines.size());
        for (const std::string& line : lines) {
            result.push_back(
                numbers.try_emplace(line, static_cast<int>(numbers.size())).first->second);
        }
        return result;
    };
    const Lines old_lines = numbered(before);
    const Lines new_lines = numbered(after);
    return Script(old_lines, new_lines).make();
}

}  // namespace exportgate::graph
