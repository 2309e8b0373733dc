namespace Symbolon.Mock;

/// <summary>The mock cannot start as it is wished. The message says what was expected, and for a file where: <c>accounts.json:3: …</c>.</summary>
public sealed class MockOptionsException : Exception
{
    /// <summary>Says why.</summary>
    public MockOptionsException(string message) : base(message)
    {
    }

    /// <summary>Says why, and what lay behind it.</summary>
    public MockOptionsException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Nothing is known.</summary>
    public MockOptionsException() : this("The mock cannot start.")
    {
    }
}
