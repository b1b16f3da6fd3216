#include "workspace.h"

namespace exportgate::cli {

void add_folder_options(CLI::App& command, Folders& folders) {
    command.add_option("--cases", folders.cases, "Folder with the cases")->capture_default_str();
    command.add_option("--golden", folders.golden, "Folder with the expected outcomes")
        ->capture_default_str();
}

Results<Workspace> load_workspace(const Folders& folders) {
    Results<std::vector<matrix::Case>> cases = matrix::load_cases(folders.cases);
    if (!cases) return tl::unexpected(cases.error());
    Workspace workspace;
    workspace.cells = matrix::cells_of(*cases);
    workspace.cases = std::move(*cases);
    return workspace;
}

std::filesystem::path worker_of(const std::string& environment) {
    std::error_code ignored;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return self.parent_path() / "environments" / environment / "worker" / "exportgate-worker";
}

std::filesystem::path last_record() {
    return std::filesystem::path(".exportgate") / "last.jsonl";
}

}  // namespace exportgate::cli
