using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The database goes away under a running service, and comes back.</summary>
public sealed class LostDatabaseTests
{
    [Fact]
    public async Task A_lost_database_is_a_503_in_the_form_of_each_protocol_and_the_service_lives_on()
    {
        var service = new ShippedService();
        await service.InitializeAsync();
        try
        {
            await service.Json("/odata/Links?$top=1");
            await service.Database.Away();
            var (status, _, body) = await service.Refused("/odata/Links");
            Assert.Equal((503, "ServiceUnavailable"), (status, body.GetProperty("error").GetProperty("code").GetString()));
            Assert.Equal((503, "application/problem+json"), (await service.Refused("/collections/links/items")) is var refused ? (refused.Status, refused.MediaType) : default);
            await service.Database.Back();
            await service.Json("/odata/Links?$top=1");
        }
        finally { await service.DisposeAsync(); }
    }
}
