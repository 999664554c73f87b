using Jietong.Benchmarks;
using Jietong.Geodata;

// dotnet run -c Release --project tests/Benchmarks -- …
//   [odata] [--json]                                                     answers of our OData endpoint against hand-written SQL (JIETONG_DB: a database of its own)
//   routing [--graph FILE.gr|FILE.gr.xz] [--json FILE] [--without-peers]   shortest paths and optimal strategies against igraph, SciPy and Python
try
{
    return args switch
    {
        [] or ["--json"] => await ODataBenchmark.Run(args),
        ["odata", .. var rest] => await ODataBenchmark.Run(rest),
        ["routing", .. var rest] => RoutingBenchmark.Run(rest),
        _ => throw new ArgumentException($"No benchmark is called {args[0]}: there are odata and routing."),
    };
}
catch (Exception e) when (e is ArgumentException or InputException or IOException or InvalidDataException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
