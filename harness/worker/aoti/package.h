// One of AOTInductor's packages, as a C++ program without Python runs it.
#pragma once

#include <ATen/Tensor.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace torch::inductor {
class AOTIModelPackageLoader;
}

namespace exportgate {

/// The package does not take these inputs: what its own checks say of them.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Package {
  public:
    /// Throws where it cannot be loaded.
    explicit Package(const std::string& file);
    Package(const Package&) = delete;
    Package& operator=(const Package&) = delete;
    ~Package();

    /// What it returns for these leaves, which it may write into. Throws Refused, and
    /// std::exception where it fails otherwise, or takes another number of leaves.
    std::vector<at::Tensor> run(const std::vector<at::Tensor>& leaves);

  private:
    std::unique_ptr<torch::inductor::AOTIModelPackageLoader> loader_;
    std::size_t leaves_ = 0;  // of its in_spec
};

}  // namespace exportgate
