namespace Jietong.Geodata;

/// <summary>Somebody's input is wrong; the message names the place and the way out, in words fit for that person.</summary>
public class InputException(string message, bool notFound = false) : Exception(message)
{
    /// <summary>The input is well formed but names something that is not there.</summary>
    public bool NotFound { get; } = notFound;

    /// <summary>What was sent, as a message quotes it: not more than the reader needs to find it again.</summary>
    public static string Short(string text, int most) => text.Length <= most ? text : text[..most] + "…";
}

/// <summary>Rows that were to be written are refused, all of them: every problem of every row.</summary>
public sealed class RefusedRowsException(IReadOnlyList<Register.RowProblem> problems) : InputException(string.Join('\n', problems))
{
    public IReadOnlyList<Register.RowProblem> Problems { get; } = problems;
}

/// <summary>The database answers but cannot be used: its version or schema is not what this program needs.</summary>
public sealed class UnusableDatabaseException(string message) : Exception(message);
