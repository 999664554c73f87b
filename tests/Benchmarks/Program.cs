using Jietong.Benchmarks;
using Jietong.Geodata;

// dotnet run -c Release --project tests/Benchmarks -- …
//   [odata] [--json] [--rounds NUMBER] [--only WORD]                       throughput of our OData endpoint against one written by hand (JIETONG_DB names the server;
//                                                                          a database of the benchmark's own is made there and dropped after)
//   items [--json] [--rounds NUMBER] [--only WORD]                         the same of our pages of OGC API Features
//   million [--json]                                                       a million rows read in pages, and the server's memory (likewise)
//   tiles [--json] [--rounds NUMBER]                                       tiles of roads, kept and computed, against ST_AsMVT asked by Npgsql alone (likewise)
//   downloads [--json] [--quick]                                           a layer as one file against ogr2ogr straight from PostGIS (likewise; takes GDAL)
//   osm --file FILE.osm.pbf [--rounds NUMBER] [--json]                     a file of OpenStreetMap into PostGIS against osm2pgrouting (likewise; takes osmium)
//   routing [--graph FILE.gr|FILE.gr.xz|FILE.osm.pbf]… [--pairs FILE.csv [--only-pairs]] [--json FILE] [--without-peers]
//                                                                          shortest paths, hierarchies, gains, timetables and optimal strategies against our Dijkstra, igraph, SciPy, a connection scan, Python and pgRouting
//                                                                          (in a database of the benchmark's own, likewise); what grows how, where several graphs are given; the Douro's bridges, where they
//                                                                          are in the graph; and for each line source,target of FILE.csv a line source,target,distance: no other begins with a digit
try
{
    return args switch
    {
        [] or ["--json"] => await QuestionsBenchmark.Run(ODataQuestions.All, args),
        ["odata", .. var rest] => await QuestionsBenchmark.Run(ODataQuestions.All, rest),
        ["items", .. var rest] => await QuestionsBenchmark.Run(ItemsQuestions.All, rest),
        ["million", .. var rest] => await StreamBenchmark.Run(rest),
        ["tiles", .. var rest] => await TilesBenchmark.Run(rest),
        ["downloads", .. var rest] => await DownloadBenchmark.Run(rest),
        ["serve", var which] => await Served.Serve(which),
        ["osm", .. var rest] => await OsmBenchmark.Run(rest),
        ["routing", .. var rest] => RoutingBenchmark.Run(rest),
        _ => throw new ArgumentException($"No benchmark is called {args[0]}: there are odata, items, million, tiles, downloads, osm and routing."),
    };
}
catch (Exception e) when (e is ArgumentException or InputException or IOException or InvalidDataException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
