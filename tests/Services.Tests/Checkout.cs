namespace Jietong.Services.Tests;

/// <summary>Files of the checkout that tests read where they lie.</summary>
internal static class Checkout
{
    public static readonly string Root = Find();

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Jietong.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
