// A file that is put into its place when it is whole, and what a killed process left of one.
#pragma once

#include <filesystem>
#include <string>

namespace exportgate {

/// A file in a folder, to be written and then moved to its path. It has no name until then, where
/// the file system can do that: a process that is killed leaves nothing behind. Elsewhere it has
/// the name of a temporary file, which remove_abandoned() knows. Not moved, it is gone with this
/// object.
class NewFile {
  public:
    explicit NewFile(const std::filesystem::path& folder);
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile();

    /// False with errno set: no file can be made in the folder.
    bool open() const {
        return descriptor_ >= 0;
    }
    int descriptor() const {
        return descriptor_;
    }

    /// Makes it the file at `path`, in the same folder, in place of one that is there. False with
    /// errno set where that fails, or where the file system reports a failed write only now (NFS,
    /// quotas).
    bool move_to(const std::filesystem::path& path);

  private:
    bool make_unnamed();
    bool make_named();
    std::filesystem::path next_name() const;

    std::filesystem::path folder_;
    std::filesystem::path name_;  // empty: it has none
    int descriptor_ = -1;
};

/// Removes the temporary files in `folder` whose writers are gone. One that is being written is
/// locked, and stays.
void remove_abandoned(const std::filesystem::path& folder);

}  // namespace exportgate
