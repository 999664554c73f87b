using Jietong.Benchmarks;
using Jietong.Geodata;

// dotnet run -c Release --project tests/Benchmarks -- …
//   [odata] [--json] [--rounds NUMBER] [--only WORD]                       throughput of our OData endpoint against one written by hand (JIETONG_DB names the server;
//                                                                          a database of the benchmark's own is made there and dropped after)
//   million [--json]                                                       a million rows read in pages, and the server's memory (likewise)
//   downloads [--json] [--quick]                                           a layer as one file against ogr2ogr straight from PostGIS (likewise; takes GDAL)
//   routing [--graph FILE.gr|FILE.gr.xz] [--json FILE] [--without-peers]   shortest paths and optimal strategies against igraph, SciPy and Python
try
{
    return args switch
    {
        [] or ["--json"] => await ODataBenchmark.Run(args),
        ["odata", .. var rest] => await ODataBenchmark.Run(rest),
        ["million", .. var rest] => await StreamBenchmark.Run(rest),
        ["downloads", .. var rest] => await DownloadBenchmark.Run(rest),
        ["serve", var which] => await Served.Serve(which),
        ["routing", .. var rest] => RoutingBenchmark.Run(rest),
        _ => throw new ArgumentException($"No benchmark is called {args[0]}: there are odata, million, downloads and routing."),
    };
}
catch (Exception e) when (e is ArgumentException or InputException or IOException or InvalidDataException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
