using System.Text;
using System.Text.Json;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Imports over HTTP: jobs that tell how far they are, end well or with every problem, survive their server, and can be dismissed.</summary>
public sealed class JobsTests(ServedWorld world) : IClassFixture<ServedWorld>
{
    /// <summary>One street between two crossings.</summary>
    private static string Streets(int metresEast = 1000) => $"""
        <osm version="0.6"><node id="1" lat="31" lon="121"/><node id="2" lat="31" lon="{121 + metresEast / 95_000.0:F6}"/>
        <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="光明路"/></way></osm>
        """;

    private async Task<ServedWorld.Answer> Post(string query, HttpContent content, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/imports" + query) { Content = content };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await world.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new((int)response.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default, response.Headers, response.Content.Headers);
    }

    private Task<ServedWorld.Answer> Post(string query, string body) => Post(query, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), world.Editor);

    private async Task<JsonElement> Ended(string? address)
    {
        for (var patience = 0; patience < 600; patience++)
        {
            var job = (await world.Send("GET", address!)).Body;
            if (job.GetProperty("status").GetString() is "successful" or "failed" or "dismissed") return job;
            await Task.Delay(100);
        }
        throw new TimeoutException(address);
    }

    private static string Status(JsonElement job) => job.GetProperty("status").GetString()!;

    [Fact]
    public async Task A_file_becomes_a_job_whose_results_tell_what_it_brought()
    {
        var taken = await Post("?file=streets.osm&dataset=http-streets&title=%E8%A1%97%E9%81%93", Streets());
        Assert.Equal(202, taken.Status);
        Assert.Equal("import", taken.Body.GetProperty("processID").GetString());
        var job = await Ended(taken.Header("Location"));
        Assert.True(Status(job) == "successful", job.ToString());
        Assert.Equal(100, job.GetProperty("progress").GetInt32());
        var results = (await world.Send("GET", taken.Header("Location") + "/results")).Body;
        var report = results.GetProperty("reports")[0];
        Assert.Equal(("http-streets", "streets", false), (report.GetProperty("dataset").GetString(), report.GetProperty("layer").GetString(), report.GetProperty("unchanged").GetBoolean()));
        var stored = (await world.Send("GET", "/odata/Datasets('http-streets')?$expand=Source")).Body;
        Assert.Equal("街道", stored.GetProperty("Source").GetProperty("title").GetString());
        Assert.Contains((await world.Send("GET", "/jobs")).Body.GetProperty("jobs").EnumerateArray(), j => j.GetProperty("jobID").GetString() == job.GetProperty("jobID").GetString());

        var state = await world.State();
        using var parts = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(Streets())), "file", "streets.osm" } };
        var again = await Post("?dataset=http-streets&title=%E8%A1%97%E9%81%93", parts, world.Editor);
        Assert.Equal("successful", Status(await Ended(again.Header("Location"))));
        Assert.True((await world.Send("GET", again.Header("Location") + "/results")).Body.GetProperty("reports")[0].GetProperty("unchanged").GetBoolean());
        Assert.Equal(state, await world.State());
    }

    [Fact]
    public async Task A_file_that_is_wrong_fails_its_job_with_every_problem_and_changes_nothing()
    {
        var state = await world.State();
        var taken = await Post("?file=broken.osm", Streets()[..150]);
        var job = await Ended(taken.Header("Location"));
        Assert.Equal("failed", Status(job));
        var results = await world.Send("GET", taken.Header("Location") + "/results");
        Assert.Equal((400, "application/problem+json"), (results.Status, results.ContentHeaders.ContentType!.MediaType));
        Assert.Contains("broken.osm", results.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
        Assert.Equal(0, await world.Database.Scalar<long>($"select count(*) from job_file where job_id = '{job.GetProperty("jobID").GetString()}'"));
    }

    [Fact]
    public async Task A_dry_run_tells_and_stores_nothing()
    {
        var state = await world.State();
        var taken = await Post("?file=dry.osm&dry-run=true", Streets());
        Assert.Equal("successful", Status(await Ended(taken.Header("Location"))));
        Assert.True((await world.Send("GET", taken.Header("Location") + "/results")).Body.GetProperty("dryRun").GetBoolean());
        Assert.Equal(state, await world.State());
    }

    [Fact]
    public async Task Control_points_are_sent_with_the_file_and_leave_nothing_but_their_residuals()
    {
        // A city's own system: Gauss-Krüger of 120° E, shifted.
        Task<string> Local(double longitude, double latitude) => world.Database.Scalar<string>(FormattableString.Invariant(
            $"select (ST_X(p) - 512345.678)::numeric(12,4) || ',' || (ST_Y(p) - 3412345.678)::numeric(12,4) from ST_Transform(ST_SetSRID(ST_MakePoint({longitude}, {latitude}), 4490), 4549) p"));
        var marks = new List<string> { "name,x,y,lon,lat" };
        foreach (var (name, lon, lat) in new[] { ("A", 121.0, 31.2), ("B", 121.1, 31.2), ("C", 121.1, 31.3), ("D", 121.0, 31.3) })
            marks.Add(FormattableString.Invariant($"{name},{await Local(lon, lat)},{lon},{lat}"));
        var here = await Local(121.05, 31.25);
        MultipartFormDataContent Parts() => new() { { new StringContent($"x,y\n{here}\n"), "file", "local.csv" }, { new StringContent(string.Join('\n', marks)), "file", "marks.csv" } };

        using var parts = Parts();
        var taken = await Post("?control-points=marks.csv&dataset=local", parts, world.Editor);
        var job = await Ended(taken.Header("Location"));
        Assert.True(Status(job) == "successful", job.ToString());
        Assert.InRange(await world.Database.Scalar<double>("select ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(121.05, 31.25), 4326)::geography) from feature where dataset_id = 'local'"), 0, 0.01);
        var results = (await world.Send("GET", taken.Header("Location") + "/results")).Body.ToString();
        Assert.Contains("controlResidualsMetres", results, StringComparison.Ordinal);
        Assert.DoesNotContain("512345", results + await world.Database.Scalar<string>("select row_to_json(d)::text || (select string_agg(row_to_json(j)::text, '') from job j) from dataset d where id = 'local'"), StringComparison.Ordinal);
        Assert.Equal(0, await world.Database.Scalar<long>($"select count(*) from job_file where job_id = '{job.GetProperty("jobID").GetString()}'"));

        using var others = Parts();
        var lacking = await Ended((await Post("?control-points=other.csv&dataset=local2", others, world.Editor)).Header("Location"));
        Assert.Equal("failed", Status(lacking));
        Assert.Contains("sent were local.csv, marks.csv", lacking.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?file=a.osm&datum=wgs72", "wgs84, cgcs2000")]
    [InlineData("?file=a.osm&nothing=1", "known are")]
    [InlineData("?file=a.osm&into=links", "streets, timetable")]
    [InlineData("?file=a.osm&dry-run=yes", "true, false")]
    [InlineData("?file=a.osm&dataset=a&dataset=b", "2 times")]
    [InlineData("", "name of a file")]
    [InlineData("?file=..", "name of a file")]
    [InlineData("?file=a%0Ab.osm", "name of a file")]
    public async Task What_is_wrong_in_the_address_is_said_at_once(string query, string says)
    {
        var refused = await Post(query, Streets());
        Assert.Equal(400, refused.Status);
        Assert.Contains(says, refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_editors_send_and_see_jobs()
    {
        using var content = new StringContent("");
        Assert.Equal(403, (await Post("?file=a.osm", content, world.Reader)).Status);
        using var other = new StringContent("");
        Assert.Equal(401, (await Post("?file=a.osm", other, null)).Status);
        foreach (var address in new[] { "/jobs", $"/jobs/{Guid.NewGuid()}", "/jobs/x/results" })
            Assert.Equal((401, 403), ((await world.Send("GET", address, null, (string?)null, [])).Status, (await world.Send("GET", address, null, world.Reader, [])).Status));
        Assert.Equal((404, 404), ((await world.Send("GET", $"/jobs/{Guid.NewGuid()}")).Status, (await world.Send("GET", "/jobs/x")).Status));
    }

    private Task<Guid> Left(string status, int attempts, string lease, string? file = null) => world.Database.Scalar<Guid>($$"""
        with j as (insert into job (kind, who, request, status, attempts, lease_until) values ('import', 'test', '{"dataset": "left-{{Guid.NewGuid():N}}"}', '{{status}}', {{attempts}}, now() + interval '{{lease}}') returning id),
        f as (insert into job_file select id, 'left.osm', 0, convert_to('{{file ?? Streets()}}', 'UTF8') from j) select id from j
        """);

    [Fact]
    public async Task What_a_server_left_behind_is_taken_up_by_another_but_not_for_ever()
    {
        var (once, twice) = (await Left("running", 1, "-1 second"), await Left("running", 2, "-1 second"));
        Assert.Equal("successful", Status(await Ended($"/jobs/{once}")));
        var given = await Ended($"/jobs/{twice}");
        Assert.Equal("failed", Status(given));
        Assert.Contains("twice", given.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_nobody_wants_is_dismissed_and_what_is_over_stays_as_it_is()
    {
        var id = await Left("running", 1, "1 hour");
        Assert.Equal(404, (await world.Send("GET", $"/jobs/{id}/results")).Status);
        Assert.Equal("dismissed", Status((await world.Send("DELETE", $"/jobs/{id}")).Body));
        Assert.Equal("dismissed", Status((await world.Send("DELETE", $"/jobs/{id}")).Body));
        Assert.Equal(0, await world.Database.Scalar<long>($"select count(*) from job_file where job_id = '{id}'"));
    }

    [Fact]
    public async Task Half_a_multipart_body_leaves_no_job()
    {
        var jobs = await world.Database.Scalar<long>("select count(*) from job");
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.osm\"\r\n\r\n<osm>"));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        Assert.Equal(400, (await Post("", content, world.Editor)).Status);
        Assert.Equal(jobs, await world.Database.Scalar<long>("select count(*) from job"));
    }
}
