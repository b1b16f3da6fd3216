// What `exportgate bisect` halves: releases of torch, or versions of a package.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "upgrade_side.h"

namespace exportgate::cli {

/// The record of a release, which is observed, or read, when it is asked for first.
using Look = std::function<Results<const ObservedSide*>(const std::string& release)>;

/// A row of releases between two ends.
class BisectRow {
  public:
    virtual ~BisectRow() = default;

    /// What they are releases of: "torch", "transformers".
    virtual std::string of() const = 0;

    /// From `good` to `bad`, both included. Errors: of an end.
    virtual Results<std::vector<std::string>> releases(const std::string& good,
                                                       const std::string& bad,
                                                       const Look& look) = 0;

    /// The record of one of them. Errors: as observe_side(); it cannot be installed.
    virtual Results<ObservedSide> observe(const std::string& release) = 0;

    /// Whether a record has it, so that observing it runs nothing.
    virtual bool is_recorded(const std::string& release) const = 0;

    /// What `upgrade` takes for it.
    virtual std::string side(const std::string& release) const = 0;

    /// The environments that were made for it, which stay.
    virtual std::vector<std::string> made() const = 0;
};

/// What all rows need. Outlives them.
struct BisectScope {
    const SideOptions& sides;
    const Workspace& workspace;
    const std::vector<matrix::Cell>& cells;
    std::filesystem::path cases;
};

/// The releases of torch that are recorded, or that an environment has. A record is taken before an
/// environment.
std::unique_ptr<BisectRow> torch_releases(const BisectScope& scope);

/// The versions of `package` that pip knows, each in an environment with the torch and the other
/// packages of the environment that `scope.sides` names. Error: that environment is not there.
Result<std::unique_ptr<BisectRow>> package_versions(const BisectScope& scope,
                                                    const std::string& package);

}  // namespace exportgate::cli
