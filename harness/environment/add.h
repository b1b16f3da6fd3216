// Adding, updating and removing environments.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "environment/command.h"
#include "environment/installed.h"

namespace exportgate::environment {

struct Request {
    std::string name;
    std::string torch;                     // to install: "2.10.0"; empty with `python`
    std::optional<std::string> python;     // an interpreter that has torch already
    std::optional<std::string> venv_from;  // the interpreter that the venv is made from
    // Further requirements for pip: "optree==0.17.0". With `python` they go into a venv on top of
    // its packages. nullopt: nothing was said about them; one that is there may have any.
    std::optional<std::vector<std::string>> with;
    std::filesystem::path cases;  // whose native modules are built; empty: none
};

struct Added {
    Installed installed;
    bool was_there = false;  // nothing had to be done
};

/// Makes the environment: venv, pip install, worker, and a first answer of that worker. An
/// environment of that name that was added with the same torch or interpreter, and the same
/// requirements, is brought up to date instead. Users' pip configuration is respected
/// (PIP_INDEX_URL, pip.conf, proxies). On an error, and when interrupted, nothing half-made is
/// left; the log stays. Errors: the name is a version and not that of its torch, or taken by
/// another torch or other requirements; no fit Python; pip or the compiler fails (with the lines
/// that say why), the worker does not answer.
Result<Added> add(const std::filesystem::path& root, const Request& request,
                  const std::filesystem::path& worker_sources, const Watch& watch);

/// Why an environment that is there is not what `request` asks for, for example "has torch 2.9.1";
/// "" where it is. `request.python` has to be a whole path. Not compared are the interpreter that a
/// venv was made from, and requirements that nothing is known of.
std::string difference(const Installed& installed, const Request& request);

/// Builds the worker anew where `obstacles` says that it is outdated, for `cases`.
Result<Added> update(const std::filesystem::path& root, const std::string& name,
                     const std::filesystem::path& cases,
                     const std::filesystem::path& worker_sources, const Watch& watch);

/// Makes ready what `consumers` need of the environment: builds exportgate-aoti for "aoti", at its
/// first use. Why it cannot be built is for the worker to tell. Error: an interruption.
Result<void> prepare_consumers(const std::filesystem::path& root, const std::string& name,
                               const std::vector<std::string>& consumers, const Watch& watch);

/// Removes folder and log; an interpreter that was named with --python stays. A half-made
/// environment can be removed too. Returns the bytes that became free.
Result<std::uintmax_t> remove(const std::filesystem::path& root, const std::string& name);

}  // namespace exportgate::environment
