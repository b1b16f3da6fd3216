// Recorded prints with their statements in another order. What may be moved is decided here by the
// text of the print alone, as torch's own pass does it (canonicalize_output_graph_node_order,
// pytorch#181775): statements without effects between two with effects, behind what they use.
#include <gmock/gmock.h>

#include <array>
#include <random>
#include <set>
#include <span>

#include "base/text.h"
#include "recordings.h"
#include "small_print.h"

namespace exportgate::graph {
namespace {

using testing::IsEmpty;

std::string without_deletions(std::string_view line) {
    return std::string(line.substr(0, std::min(line.size(), line.find(";  "))));
}

std::set<std::string> words(std::string_view text) {
    std::set<std::string> found;
    std::string word;
    for (const char c : std::string(text) + " ") {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
            word += c;
        } else if (!word.empty()) {
            found.insert(word);
            word.clear();
        }
    }
    return found;
}

struct Statement {
    std::string line;
    std::string defined;
    std::set<std::string> used;
    bool has_effect = false;
    bool writes = false;
};

/// "add_.Tensor": an operator whose name ends with an underscore.
bool is_write(std::string_view line) {
    const std::size_t call = line.find(" = torch.ops.aten.");
    if (call == std::string_view::npos) return false;
    const std::string_view name = line.substr(call + std::string_view(" = torch.ops.aten.").size());
    const std::size_t dot = name.find('.');
    return dot != std::string_view::npos && dot > 0 && name[dot - 1] == '_' &&
           !name.starts_with("__");
}

bool has_effect(std::string_view line) {
    constexpr std::array<std::string_view, 12> effects{
        "rand",    "bernoulli",   "dropout", "lstm",          "batch_norm",   "normal",
        "uniform", "multinomial", "_assert", "sym_constrain", "higher_order", "scaled_dot_product"};
    if (is_write(line)) return true;
    const bool is_aten = line.find(" = torch.ops.aten.") != std::string_view::npos;
    const bool is_size = line.find("\"Sym(") != std::string_view::npos ||
                         line.find(" = self.") != std::string_view::npos ||
                         line.find(" = torch.sym_") != std::string_view::npos;
    if (!is_aten && !is_size && line.find(" = torch.") != std::string_view::npos) return true;
    return std::ranges::any_of(effects, [&](std::string_view effect) {
        return line.find(effect) != std::string_view::npos;
    });
}

Statement statement(std::string_view line) {
    Statement result;
    result.line = without_deletions(line);
    const std::size_t begin = line.find_first_not_of(' ');
    const std::size_t equals = result.line.find(" = ");
    std::size_t end = begin;
    while (end < line.size() &&
           (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '_'))
        ++end;
    result.defined = result.line.substr(begin, end - begin);
    // The name of an operator, aten.select.int, is no use of the value `select`.
    const std::size_t open = result.line.find('(', std::min(equals, result.line.size()));
    result.used =
        words(std::string_view(result.line).substr(open == std::string::npos ? equals : open));
    result.has_effect = has_effect(result.line);
    result.writes = is_write(result.line);
    return result;
}

/// A print in pieces: text, and the statements of each graph.
struct Pieces {
    std::vector<std::string> texts;
    std::vector<std::vector<Statement>> bodies;  // after the text of the same number

    std::string print() const {
        std::string all;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            all += texts[i];
            if (i >= bodies.size()) continue;
            for (const Statement& one : bodies[i])
                all += one.line + "\n";
        }
        return all;
    }
};

Pieces pieces_of(const std::string& print) {
    Pieces pieces;
    pieces.texts.emplace_back();
    bool inside = false;
    for (const std::string_view line : split(print, '\n')) {
        const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
        const std::string_view text = line.substr(begin);
        if (inside && text.starts_with("return")) {
            inside = false;
            pieces.texts.emplace_back();
        }
        if (inside) {
            if (!text.empty() && !text.starts_with('#'))
                pieces.bodies.back().push_back(statement(line));
            continue;
        }
        pieces.texts.back() += std::string(line) + "\n";
        if (text.starts_with("def forward")) {
            inside = true;
            pieces.bodies.emplace_back();
        }
    }
    return pieces;
}

/// A random order of those between two effects, each behind what it uses.
std::vector<Statement> shuffled(const std::vector<Statement>& body, std::mt19937& random) {
    std::vector<Statement> result;
    std::vector<Statement> waiting;
    std::set<std::string> defined;
    const auto flush = [&] {
        std::set<std::string> open;
        for (const Statement& one : waiting)
            open.insert(one.defined);
        while (!waiting.empty()) {
            std::vector<std::size_t> ready;
            for (std::size_t i = 0; i < waiting.size(); ++i) {
                if (std::ranges::none_of(waiting[i].used, [&](const std::string& word) {
                        return open.contains(word) && word != waiting[i].defined;
                    }))
                    ready.push_back(i);
            }
            const std::size_t chosen = ready.at(random() % ready.size());
            open.erase(waiting[chosen].defined);
            result.push_back(waiting[chosen]);
            waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(chosen));
        }
    };
    for (const Statement& one : body) {
        if (one.has_effect) {
            flush();
            result.push_back(one);
        } else {
            waiting.push_back(one);
        }
    }
    flush();
    return result;
}

/// The prints in the records of all releases, each once.
std::set<std::string> prints_of_the_records() {
    std::set<std::string> prints;
    for (const auto& entry :
         std::filesystem::directory_iterator(recordings_directory().parent_path())) {
        if (entry.path().extension() != ".jsonl") continue;
        const std::string text = *read_file(entry.path());
        for (const std::string_view key :
             {std::string_view("\"print\":\""), std::string_view("\"decomposed\":\""),
              std::string_view("\"retraced\":\"")}) {
            for (std::size_t at = text.find(key); at != std::string::npos;
                 at = text.find(key, at)) {
                std::string print;
                for (at += key.size(); text.at(at) != '"'; ++at) {
                    if (text[at] != '\\') {
                        print += text[at];
                        continue;
                    }
                    ++at;
                    print += text[at] == 'n' ? '\n' : (text[at] == 't' ? '\t' : text[at]);
                }
                if (print.size() > 1) prints.insert(print);
            }
        }
    }
    return prints;
}

void collect_if_other(const std::string& print, int tries, const std::string& name,
                      std::vector<std::string>& other, std::size_t& changed) {
    std::mt19937 random(7);
    const Pieces pieces = pieces_of(print);
    const std::string expected = canonical(print);
    for (int i = 0; i < tries; ++i) {
        Pieces mutant = pieces;
        for (auto& body : mutant.bodies)
            body = shuffled(body, random);
        changed += mutant.print() == pieces.print() ? 0 : 1;
        const auto result = canonicalise(mutant.print(), "p.txt");
        if (!result) {
            other.push_back(name + ": " + to_string(result.error()));
        } else if (result->text != expected) {
            other.push_back(name + "\n" + text_diff(expected, result->text));
        }
        if (other.size() > 3) return;
    }
}

TEST(Reordering, OfRecordedProgramsChangesNothing) {
    std::vector<std::string> other;
    std::size_t changed = 0;
    for (const std::string& file : recorded_prints())
        collect_if_other(recording(file), 5, file, other, changed);
    EXPECT_THAT(other, IsEmpty());
    EXPECT_GT(changed, 400u);
}

TEST(Reordering, OfTheCellsOfTenReleasesChangesNothing) {
    std::vector<std::string> other;
    std::size_t changed = 0;
    const auto prints = prints_of_the_records();
    EXPECT_GT(prints.size(), 200u);
    for (const std::string& print : prints)
        collect_if_other(print, 3, "a cell", other, changed);
    EXPECT_THAT(other, IsEmpty());
    EXPECT_GT(changed, 400u);
}

Statement made(const std::string& defined, const std::string& call) {
    return statement(std::string(40, ' ') + defined + " = torch.ops.aten." + call);
}

/// A write into `value`: as it is, through a view of it, and through a view of a view.
std::vector<std::vector<Statement>> writes_into(const std::string& value) {
    const Statement view = made("zz_view", "alias.default(" + value + ")");
    const Statement view_of_view = made("zz_part", "slice.Tensor(zz_view, 0, 0, 1)");
    return {{made("zz", "add_.Tensor(" + value + ", 1)")},
            {view, made("zz", "add_.Tensor(zz_view, 1)")},
            {view, view_of_view, made("zz", "add_.Tensor(zz_part, 1)")}};
}

/// Tensors that the statement reads: other values may be literals, sizes or graphs.
std::vector<std::string> tensors_read(std::span<const Statement> before, const Statement& one) {
    std::vector<std::string> tensors;
    for (const Statement& other : before) {
        const bool is_tensor = other.line.find(": \"f32[") != std::string::npos;
        if (is_tensor && one.used.contains(other.defined)) tensors.push_back(other.defined);
    }
    return tensors;
}

TEST(Reordering, OfAReadAcrossAWriteIsAnotherProgram) {
    std::vector<std::string> missed;
    std::size_t moves = 0;
    const auto with = [](Pieces pieces, std::size_t body, std::size_t at,
                         const std::vector<Statement>& statements) {
        auto& all = pieces.bodies[body];
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), statements.begin(),
                   statements.end());
        return pieces.print();
    };
    const auto visit = [&](const std::string& file, const Pieces& pieces, std::size_t b,
                           std::size_t read) {
        const auto& body = pieces.bodies[b];
        for (const std::string& tensor : tensors_read(std::span(body).first(read), body[read])) {
            for (const auto& write : writes_into(tensor)) {
                const auto before = canonicalise(with(pieces, b, read, write), "p.txt");
                const auto after = canonicalise(with(pieces, b, read + 1, write), "p.txt");
                ASSERT_TRUE(before && after)
                    << file << to_string(before ? after.error() : before.error());
                ++moves;
                if (before->text == after->text) missed.push_back(file + ": " + body[read].line);
            }
        }
    };
    for (const std::string& file : recorded_prints()) {
        const Pieces pieces = pieces_of(recording(file));
        for (std::size_t b = 0; b < pieces.bodies.size(); ++b) {
            for (std::size_t i = 0; i < pieces.bodies[b].size();
                 i += 1 + pieces.bodies[b].size() / 40)
                if (pieces.bodies[b][i].line.find("aten.sym_") == std::string::npos)
                    visit(file, pieces, b, i);
        }
    }
    EXPECT_THAT(missed, IsEmpty());
    EXPECT_GT(moves, 1'000u);
}

}  // namespace
}  // namespace exportgate::graph
