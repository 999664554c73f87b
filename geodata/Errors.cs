namespace Jietong.Geodata;

/// <summary>Somebody's input is wrong; the message names the place and the way out, in words fit for that person.</summary>
public sealed class InputException(string message, bool notFound = false) : Exception(message)
{
    /// <summary>The input is well formed but names something that is not there.</summary>
    public bool NotFound { get; } = notFound;
}

/// <summary>The database answers but cannot be used: its version or schema is not what this program needs.</summary>
public sealed class UnusableDatabaseException(string message) : Exception(message);
