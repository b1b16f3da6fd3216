// What putting a print into canonical form costs, per node, on recorded prints and on synthetic
// ones that are 1k, 10k and 100k nodes long; CPU time, as it is one thread that never waits.
// Wanted: at most 2 us a node, and flat within 1.5x from 1k to 100k. Run: canonicalise_bench
// --benchmark_counters_tabular=true
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "graph/graph.h"

namespace {

/// Lines that torch would print for `nodes` nodes: a decoder that goes on and on, one comment per
/// six nodes.
std::string synthetic_print(std::int64_t nodes) {
    std::string text =
        "ExportedProgram:\n"
        "    class GraphModule(torch.nn.Module):\n"
        "        def forward(self, p_weight: \"f32[64, 64]\", x: \"f32[s77, s27, 64]\"):\n"
        "            sym_size_int: \"Sym(s77)\" = torch.ops.aten.sym_size.int(x, 0)\n"
        "            sym_size_int_1: \"Sym(s27)\" = torch.ops.aten.sym_size.int(x, 1)\n"
        "            relu_0: \"f32[s77, s27, 64]\" = torch.ops.aten.relu.default(x)\n";
    std::string last = "relu_0";
    for (std::int64_t i = 1; i * 6 <= nodes; ++i) {
        const std::string n = std::to_string(i);
        const std::string indent = "            ";
        text += "    \n" + indent + "# File: models/decoder.py:" + n +
                " in forward, code: hidden = self.activation(self.projection(hidden)) + residual\n";
        text += indent + "linear_" + n +
                ": \"f32[s77, s27, 64]\" = torch.ops.aten.linear.default(" + last + ", p_weight)\n";
        text += indent + "mul_" + n + ": \"Sym(s27*s77)\" = sym_size_int * sym_size_int_1\n";
        text += indent + "view_" + n +
                ": \"f32[s27*s77, 64]\" = torch.ops.aten.view.default(linear_" + n + ", [mul_" + n +
                ", 64]);  linear_" + n + " = mul_" + n + " = None\n";
        text += indent + "unsqueeze_" + n +
                ": \"f32[s77, s27, 64]\" = torch.ops.aten.reshape.default(view_" + n +
                ", [sym_size_int, sym_size_int_1, 64]);  view_" + n + " = None\n";
        text += indent + "to_" + n +
                ": \"f32[s77, s27, 64]\" = torch.ops.aten.to.dtype_layout(unsqueeze_" + n +
                ", dtype = torch.float32, layout = torch.strided, device = device(type='cpu'));  "
                "unsqueeze_" +
                n + " = None\n";
        text += indent + "relu_" + n + ": \"f32[s77, s27, 64]\" = torch.ops.aten.add.Tensor(to_" +
                n + ", " + last + ");  to_" + n + " = " + last + " = None\n";
        last = "relu_" + n;
    }
    text += "            return (" + last +
            ",)\n    \nGraph signature: \n    # inputs\n    p_weight: PARAMETER target='weight'\n  "
            "  x: USER_INPUT\n"
            "    \n    # outputs\n    " +
            last + ": USER_OUTPUT\n    \nRange constraints: {s77: VR[2, 1024], s27: VR[2, 512]}\n";
    return text;
}

std::int64_t count_nodes(const std::string& print) {
    std::int64_t nodes = 0;
    for (std::size_t at = print.find(" = torch."); at != std::string::npos;
         at = print.find(" = torch.", at + 1)) {
        ++nodes;
    }
    return nodes;
}

void measure(benchmark::State& state, const std::string& print, std::int64_t nodes) {
    for (auto _ : state) {
        auto canonical = exportgate::graph::canonicalise(print, "print.txt");
        if (!canonical) {
            state.SkipWithError(to_string(canonical.error()).c_str());
            return;
        }
        benchmark::DoNotOptimize(canonical->text.data());
    }
    using benchmark::Counter;
    state.counters["per_node"] =
        Counter(static_cast<double>(nodes), Counter::kIsIterationInvariantRate | Counter::kInvert);
    state.counters["nodes"] = static_cast<double>(nodes);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(print.size()));
}

void synthetic(benchmark::State& state) {
    measure(state, synthetic_print(state.range(0)), state.range(0));
}
BENCHMARK(synthetic)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int count, char** arguments) {
    namespace fs = std::filesystem;
    for (const auto& entry : fs::directory_iterator(fs::path(EXPORTGATE_SOURCE_DIR) /
                                                    "tests/recordings/programs/2.13.0")) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string print((std::istreambuf_iterator<char>(file)), {});
        const std::int64_t nodes = count_nodes(print);
        // Below that, what does not depend on the nodes (the signature, one-time tables) is most of
        // it.
        if (nodes < 50) continue;
        benchmark::RegisterBenchmark(
            ("recorded/" + entry.path().stem().string()).c_str(),
            [print, nodes](benchmark::State& state) { measure(state, print, nodes); })
            ->Unit(benchmark::kMicrosecond);
    }
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
