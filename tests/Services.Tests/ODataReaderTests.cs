using System.Xml;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>We write the JSON ourselves; Microsoft's reader, which clients on .NET have inside, holds every value against the metadata as served.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataReaderTests(ShippedService service)
{
    private async Task<IEdmModel> Model()
    {
        using var xml = XmlReader.Create(await service.Http.GetStreamAsync("/odata/$metadata"));
        var model = CsdlReader.Parse(xml);
        Assert.True(model.Validate(out var errors), string.Join("\n", errors));
        return model;
    }

    [Fact]
    public async Task The_metadata_are_valid_and_every_set_reads_as_they_say()
    {
        var model = await Model();
        foreach (var set in model.EntityContainer.EntitySets())
        {
            var address = $"/odata/{set.Name}?$top=200";
            Assert.True((await Read(model, address)).Rows == (await service.Json(address)).GetProperty("value").GetArrayLength(), address);
        }
    }

    [Theory]
    [InlineData("Links?$filter=id eq 's1-m11'&$select=id,nameZh&$expand=Attestations($select=id,stage;$expand=Source),Sides($expand=Jurisdiction)&$count=true", 1)]
    [InlineData("Broken(asOf=2018-06-29)?$top=3", 3)]
    [InlineData("Links/Jietong.AsOf(asOf=2018-06-29)?$select=id,geometry&$top=3", 3)]
    [InlineData("Links('s1-m11')/Sides", 2)]
    [InlineData("LinkSides('s1-m11-a')/Link", 1)]
    [InlineData("Links('s1-m11')", 1)]
    [InlineData("Gains(asOf=2018-06-29,mode='transit')?$expand=Pairs($top=1)&$top=2", 2)]
    public async Task Answers_of_every_shape_read_as_the_metadata_say(string address, int rows) => Assert.Equal(rows, (await Read(await Model(), "/odata/" + address)).Rows);

    [Fact]
    public async Task Pages_give_the_reader_their_count_and_their_next_link()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/odata/Attestations?$count=true") { Headers = { { "Prefer", "odata.maxpagesize=40" } } };
        var (rows, set) = await Read(await Model(), request);
        Assert.Equal((40, true), (rows, set!.NextPageLink is not null));
        Assert.Equal(await service.Database.Scalar<long>("select count(*) from attestation"), set.Count);
    }

    private Task<(int Rows, ODataResourceSet? Set)> Read(IEdmModel model, string address) => Read(model, new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Reads an answer to its end; the reader throws at the first value that is not as declared.</summary>
    private async Task<(int Rows, ODataResourceSet? Set)> Read(IEdmModel model, HttpRequestMessage request)
    {
        using var answer = await service.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{request.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
        using var messages = new ODataMessageReader(new Answer(answer), new ODataMessageReaderSettings(), model);
        var many = messages.DetectPayloadKind().Any(k => k.PayloadKind == ODataPayloadKind.ResourceSet);
        var reader = many ? messages.CreateODataResourceSetReader() : messages.CreateODataResourceReader();
        var (depth, rows, set) = (0, 0, (ODataResourceSet?)null);
        while (reader.Read())
        {
            if (reader.State is ODataReaderState.ResourceStart) depth++;
            if (reader.State is ODataReaderState.ResourceEnd && --depth == 0) rows++;
            if (reader.State is ODataReaderState.ResourceSetEnd && depth == 0) set = (ODataResourceSet)reader.Item;
        }
        return (rows, set);
    }

    private sealed class Answer(HttpResponseMessage answer) : IODataResponseMessage
    {
        public IEnumerable<KeyValuePair<string, string>> Headers => answer.Headers.Concat(answer.Content.Headers).Select(h => KeyValuePair.Create(h.Key, string.Join(',', h.Value)));
        public int StatusCode { get => (int)answer.StatusCode; set => throw new NotSupportedException(); }
        public string? GetHeader(string headerName) => Headers.FirstOrDefault(h => h.Key.Equals(headerName, StringComparison.OrdinalIgnoreCase)).Value;
        public void SetHeader(string headerName, string headerValue) => throw new NotSupportedException();
        public Stream GetStream() => answer.Content.ReadAsStream();
    }
}
