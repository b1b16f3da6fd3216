// A folder of exported programs that one torch saved, so that another one can load them: a file for
// every cell that exported, and programs.json, which says what saved them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/error.h"
#include "matrix/cell.h"
#include "record/record_file.h"

namespace exportgate::run {

struct Programs {
    std::filesystem::path folder;
    std::string torch_build;    // what saved them: "2.8.0+cu128"
    std::string inputs_digest;  // of the cases and the worker that they were made with

    /// Where the program of a cell is, whether or not there is one.
    std::filesystem::path file_of(const std::string& cell) const;

    /// Removes the program of a cell, and what a killed worker wrote of one.
    void remove(const std::string& cell) const;

    /// How many of the cells have a program here.
    std::size_t count(std::span<const matrix::Cell> cells) const;
};

/// The programs in `folder`, to be loaded with cases and worker of `inputs_digest`. Errors: nothing
/// that `run --save-programs` wrote, another format, made with other cases or another worker.
Result<Programs> find_programs(const std::filesystem::path& folder,
                               const std::string& inputs_digest);

/// Error: a program of these inputs cannot be saved in `folder`, which holds something else.
/// Missing and empty folders will do, and those that begin_programs() made for the same inputs.
Result<void> may_hold_programs(const std::filesystem::path& folder,
                               const std::string& inputs_digest);

/// Makes the folder, or goes on in one that is there, as the shards of one run do. Error: it holds
/// programs that another torch saved; it cannot be written.
Result<void> begin_programs(const Programs& programs);

/// Removes the programs of cells that came to something else after they were saved: a check crashed
/// the child, the run was interrupted. The number of programs that the cells of `made` have.
std::size_t keep_exported(const Programs& programs, const record::Record& made);

}  // namespace exportgate::run
