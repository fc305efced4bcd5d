using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;
using Decision.Server.Configuration;

namespace Decision.Server.Administrators;

/// <summary>Who presents a secret: whoever has <c>Admin:Secret</c>, or a stored credential. Only hashes are held and compared, in constant time.</summary>
internal sealed class AdminAuthentication(ServerSettings settings, CredentialDirectory directory, TimeProvider time, AdminSecretFile? file = null)
{
    /// <summary>Wrong secrets from one address at once.</summary>
    public const int Attempts = 20;

    private const string Wrong = "The admin credential is wrong.";

    /// <summary>After which one more may come.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);

    private readonly AdminSecret? _secret = file is null ? new(SHA256.HashData(Encoding.UTF8.GetBytes(settings.AdminSecret!)), 1) : null;
    private readonly AttemptLimit _wrong = new(Attempts, Pause, time);

    private AdminSecret Secret => _secret ?? file!.Secret;

    /// <summary>Whether somebody who signed in with <c>Admin:Secret</c> did so with the one that counts now.</summary>
    public bool IsOfSecretInForce(Actor actor) => actor.SecretNumber == Secret.Number;

    /// <summary>Looks at a secret.</summary>
    /// <param name="presented">The secret.</param>
    /// <param name="http">The call.</param>
    /// <param name="protocol">How it came, for the audit log.</param>
    /// <exception cref="StoreException">The store does not answer.</exception>
    public async ValueTask<SignIn> SignInAsync(string presented, HttpContext http, string protocol)
    {
        string address = AddressOf(http);
        if (_wrong.WaitOf(address) is { Ticks: > 0 } wait)
        {
            // Not looked at, whether it is right or not: else it could be tried further.
            return new SignIn(
                null, $"Too many wrong admin secrets came from this address: none is looked at for {Math.Ceiling(wait.TotalSeconds):0} seconds.", wait);
        }

        var secret = Secret;
        if (CryptographicOperations.FixedTimeEquals(secret.Hash, SHA256.HashData(Encoding.UTF8.GetBytes(presented))))
        {
            return !settings.IsAdminSecretEnabled && await directory.HasAdminAsync(http.RequestAborted)
                ? new SignIn(null, "Admin:Secret is switched off (Admin:SecretEnabled), since there are other admin credentials: present one of those.")
                : new SignIn(From(new Actor(Actor.AdminSecretId, "Admin:Secret", AdminRole.Admin) { SecretNumber = secret.Number }, http, protocol));
        }

        var finding = await directory.FindAsync(presented, http.RequestAborted);
        if (finding.Credential is { } credential)
        {
            return new SignIn(From(credential.ToActor(), http, protocol));
        }

        if (finding.Problem == Wrong)
        {
            _wrong.TryTake(address);
        }

        return new SignIn(null, finding.Problem ?? Wrong);
    }

    private static Actor From(Actor actor, HttpContext http, string protocol) => actor with
    {
        Peer = http.Connection.RemoteIpAddress is { } address ? $"{address}:{http.Connection.RemotePort}" : "unix",
        Protocol = protocol,
        Agent = http.Request.Headers.UserAgent.ToString(),
    };

    // Whoever has an IPv6 address has a whole network of them.
    private static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "unix",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } address => Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)),
        var address => address.MapToIPv4().ToString(),
    };
}
