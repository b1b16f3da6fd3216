// What Python opens, lists, loads and starts, in this process and in those that it forks.
//
// An audit hook in C++ and not in Python: a hook in Python is called for every event of the
// interpreter, and Dynamo would trace it where a model opens a file while it is exported.
#pragma once

#include <string>

namespace exportgate::worker {

/// Watches from now on. What is seen before begin_shared_log() is kept in this process, and its
/// children know it. Throws std::runtime_error where Python refuses the hook.
void watch_opened_files();

/// While one lives, nothing is seen: what torch opens when it is imported is its environment's.
class Unwatched {
  public:
    Unwatched();
    ~Unwatched();
    Unwatched(const Unwatched&) = delete;
    Unwatched& operator=(const Unwatched&) = delete;
};

/// In a child, before it imports anything of the case: what it and the processes that it forks see
/// from now on is kept in memory that they share. A check that is killed has told all that it saw.
void begin_shared_log();

/// From now on the programs that this process starts are the harness's, or no more. What these read
/// is known, so that they do not make a cell one that is observed every time.
void say_whose_programs(bool are_of_the_harness);

/// All that was seen, in the order in which it was, each line ended by a newline:
///   R/path   read, or a library that was loaded
///   W/path   opened to be written anew
///   L/path   a folder that was listed, but not by Python's import
///   X name   a program that was started
///   H name   the same, one of the harness's
///   ! why    something was seen that is not in this list
/// A path is absolute; a backslash, a newline and what is no ASCII are escaped as \xNN.
std::string opened_files();

}  // namespace exportgate::worker
