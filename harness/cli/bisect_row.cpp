#include "bisect_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/requirement.h"
#include "environment/add.h"
#include "environment/versions.h"
#include "step_progress.h"

namespace exportgate::cli {

namespace {

namespace fs = std::filesystem;

class TorchReleases : public BisectRow {
  public:
    explicit TorchReleases(const BisectScope& scope) : scope_(scope) {}

    std::string of() const override {
        return "torch";
    }

    Results<std::vector<std::string>> releases(const std::string& good, const std::string& bad,
                                               const Look& look) override {
        std::vector<TorchVersion> ends;
        for (const std::string& name : {good, bad}) {
            const Results<const ObservedSide*> end = look(name);
            if (!end) return tl::unexpected(end.error());
            const Result<TorchVersion> torch =
                TorchVersion::parse((*end)->record.header.environment.torch);
            if (!torch) return tl::unexpected(Errors{torch.error()});
            ends.push_back(*torch);
        }
        const auto [oldest, newest] = std::minmax(ends.front(), ends.back());
        std::vector<std::string> row = releases_between(oldest, newest, scope_.sides);
        if (ends.back() < ends.front()) std::reverse(row.begin(), row.end());
        row.insert(row.begin(), good);
        row.push_back(bad);
        return row;
    }

    Results<ObservedSide> observe(const std::string& release) override {
        const Result<UpgradeSide> side = find_recorded_side(release, scope_.sides);
        if (!side) return tl::unexpected(Errors{side.error()});
        return observe_side(*side, scope_.sides, scope_.workspace, scope_.cells);
    }

    bool is_recorded(const std::string& release) const override {
        const Result<UpgradeSide> side = find_recorded_side(release, scope_.sides);
        return side && !side->file.empty();
    }

    std::string side(const std::string& release) const override {
        return release;
    }

    std::vector<std::string> made() const override {
        return {};
    }

  private:
    BisectScope scope_;
};

class PackageVersions : public BisectRow {
  public:
    PackageVersions(const BisectScope& scope, std::string package, environment::Installed base)
        : scope_(scope), package_(std::move(package)), base_(std::move(base)) {}

    std::string of() const override {
        return package_;
    }

    Results<std::vector<std::string>> releases(const std::string& good, const std::string& bad,
                                               const Look& /*look*/) override {
        const std::string name = side("versions");
        StepProgress progress(name);
        const Result<std::vector<std::string>> known = environment::versions_of(
            environment::layout(scope_.sides.how.environments, name).log, base_.python, package_,
            [&](const auto&... step) { progress.show(step...); });
        if (!known) return tl::unexpected(Errors{known.error()});
        std::vector<std::vector<std::string>::const_iterator> ends;
        for (const std::string& end : {good, bad}) {
            const std::optional<std::string> one = environment::same_version(*known, end);
            if (!one) return tl::unexpected(Errors{unknown(end, *known)});
            ends.push_back(std::find(known->begin(), known->end(), *one));
        }
        const auto [first, last] = std::minmax(ends.front(), ends.back());
        if (first == last) {
            return tl::unexpected(
                Errors{{"", 0, fmt::format("--good and --bad are both {} {}", package_, *first),
                        "name two versions between which something changed"}});
        }
        std::vector<std::string> row(first, last + 1);
        if (ends.back() < ends.front()) std::reverse(row.begin(), row.end());
        return row;
    }

    Results<ObservedSide> observe(const std::string& release) override {
        const Result<fs::path> sources = worker_sources();
        if (!sources) return tl::unexpected(Errors{sources.error()});
        const std::vector<std::string> others = base_.with.value_or(std::vector<std::string>{});
        environment::Request request;
        request.name = side(release);
        request.python = torch_python().string();
        request.with = environment::with_version(others, package_, release);
        request.cases = scope_.cases;
        const Result<environment::Added> added = [&] {
            StepProgress progress(request.name);
            return environment::add(scope_.sides.how.environments, request, *sources,
                                    [&](const auto&... step) { progress.show(step...); });
        }();
        if (!added) return tl::unexpected(Errors{added.error()});
        made_.push_back(request.name);
        return observe_side(UpgradeSide{request.name, "", ""}, scope_.sides, scope_.workspace,
                            scope_.cells);
    }

    bool is_recorded(const std::string& /*release*/) const override {
        return false;
    }

    std::string side(const std::string& release) const override {
        return fmt::format("{}-{}-{}", base_.facts.name, normalised_name(package_), release);
    }

    std::vector<std::string> made() const override {
        return made_;
    }

  private:
    /// Whose packages the versions are put on top of.
    const fs::path& torch_python() const {
        return base_.stands_on.empty() ? base_.python : base_.stands_on;
    }

    Error unknown(const std::string& version, const std::vector<std::string>& known) const {
        const std::size_t most = 12;
        const std::size_t left_out = known.size() - std::min(most, known.size());
        return {"", 0,
                fmt::format("pip knows no version {} of {} for {}", version, package_,
                            base_.python.string()),
                fmt::format("it knows {}{}", left_out > 0 ? "older ones, and " : "",
                            fmt::join(known.begin() + static_cast<std::ptrdiff_t>(left_out),
                                      known.end(), ", "))};
    }

    BisectScope scope_;
    std::string package_;
    environment::Installed base_;
    std::vector<std::string> made_;
};

}  // namespace

std::unique_ptr<BisectRow> torch_releases(const BisectScope& scope) {
    return std::make_unique<TorchReleases>(scope);
}

Result<std::unique_ptr<BisectRow>> package_versions(const BisectScope& scope,
                                                    const std::string& package) {
    if (!environment::is_package_name(package)) {
        return tl::unexpected(
            Error{"", 0, fmt::format("--package \"{}\" is no name of a package", package),
                  "name it as pip does, without a version: --package transformers"});
    }
    if (environment::is_same_package(package, "torch")) {
        return tl::unexpected(Error{"", 0, "--package names a package besides torch",
                                    "for releases of torch leave --package out"});
    }
    const Observing& how = scope.sides.how;
    Result<environment::Installed> base = environment::load(how.environments, how.environment);
    if (!base) return tl::unexpected(base.error());
    return std::make_unique<PackageVersions>(scope, package, std::move(*base));
}

}  // namespace exportgate::cli
