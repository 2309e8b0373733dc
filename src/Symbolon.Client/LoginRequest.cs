namespace Symbolon.Client;

/// <summary>A log-in by user name and password.</summary>
/// <param name="username">The user's name.</param>
/// <param name="password">The password.</param>
public class LoginRequest(string username, string password)
{
    /// <summary>The user's name.</summary>
    public string Username { get; } = username;

    /// <summary>The password.</summary>
    public string Password { get; } = password;

    /// <summary>What the user sees of this session in the list of devices.</summary>
    public LoginDevice? Device { get; init; }

    /// <summary><see langword="false"/>: the session lives for the authority's shorter length.</summary>
    public bool Remember { get; init; } = true;

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{GetType().Name} of {Username}";
}

/// <summary>A new account, signed in at once.</summary>
/// <param name="username">The user's name.</param>
/// <param name="password">The password.</param>
public sealed class RegisterRequest(string username, string password) : LoginRequest(username, password)
{
    /// <summary>The user's e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The user's name for people.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>A device, as the user sees it.</summary>
/// <param name="Name">Its name, such as that of the machine.</param>
/// <param name="Type">Its kind, such as <c>worker</c> or <c>desktop</c>.</param>
/// <param name="Id">A lasting id: a log-in with the same one takes the place of the session before.</param>
public sealed record LoginDevice(string? Name = null, string? Type = null, string? Id = null);
