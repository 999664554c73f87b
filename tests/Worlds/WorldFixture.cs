using Xunit;

namespace Jietong.Worlds;

/// <summary>One world for all tests of a class that only ask, or that leave it as they found it.</summary>
public abstract class WorldFixture(Func<Task<TestDatabase>> draw) : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Database = await draw();

    public async Task DisposeAsync() => await Database.DisposeAsync();

    /// <summary>The register that ships.</summary>
    public static async Task<TestDatabase> Shipped()
    {
        var database = await TestDatabase.Create();
        Assert.True(await Geodata.Register.Load.Once(database.Db, Geodata.Register.Load.ShippedFolder) > 0);
        return database;
    }
}
