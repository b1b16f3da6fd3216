#include "package.h"

#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace exportgate {

namespace {

/// Takes what is written to std::cerr: a package says there why it does not take its inputs, and
/// raises no more than that its function failed.
class Complaints {
  public:
    Complaints() : before_(std::cerr.rdbuf(text_.rdbuf())) {}
    Complaints(const Complaints&) = delete;
    Complaints& operator=(const Complaints&) = delete;
    ~Complaints() {
        std::cerr.rdbuf(before_);
    }

    std::string text() const {
        return text_.str();
    }

  private:
    std::ostringstream text_;
    std::streambuf* before_;
};

/// Leaves of a TreeSpec as torch writes it: a leaf has no type.
std::size_t count_leaves(const nlohmann::json& spec) {
    if (spec.at("type").is_null()) return 1;
    std::size_t leaves = 0;
    for (const auto& child : spec.at("children_spec"))
        leaves += count_leaves(child);
    return leaves;
}

/// The line that says why the inputs are not taken; "" where there is none. The checks that
/// AOTI_RUNTIME_CHECK_INPUTS switches on say what is "unmatched", or "too large" and "too small"
/// for a range.
std::string refusal_in(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        for (const char* word : {"unmatched ", "is too large", "is too small"}) {
            if (line.find(word) != std::string::npos) return line;
        }
    }
    return "";
}

}  // namespace

Package::Package(const std::string& file)
    : loader_(std::make_unique<torch::inductor::AOTIModelPackageLoader>(file)) {
    // [protocol, spec]
    const auto in_spec = nlohmann::json::parse(loader_->get_call_spec().at(0));
    leaves_ = count_leaves(in_spec.at(1));
}

Package::~Package() = default;

std::vector<at::Tensor> Package::run(const std::vector<at::Tensor>& leaves) {
    if (leaves.size() != leaves_) {
        throw std::runtime_error("the package takes " + std::to_string(leaves_) + " leaves, not " +
                                 std::to_string(leaves.size()));
    }
    const Complaints complaints;
    try {
        return loader_->run(leaves);
    } catch (const std::exception& error) {
        const std::string said = complaints.text() + "\n" + error.what();
        if (const std::string why = refusal_in(said); !why.empty()) throw Refused(why);
        throw std::runtime_error(said);
    }
}

}  // namespace exportgate
