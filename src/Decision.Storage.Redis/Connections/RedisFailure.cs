using System.Security.Authentication;
using Decision.Runtime.Stores;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>Why Redis could not answer, as a word for metrics and a sentence for people.</summary>
/// <param name="Word">One of a fixed set.</param>
/// <param name="Sentence">Safe to show.</param>
/// <param name="IsUnsent">Whether there was no connection to send it over.</param>
internal readonly record struct RedisFailure(string Word, string Sentence, bool IsUnsent = false)
{
    private static readonly string[] CodesInScripts = ["OOM", "READONLY", "MISCONF", "NOREPLICAS", "NOPERM", "WRONGTYPE"];

    /// <summary>Whether what was asked may have been done all the same.</summary>
    public bool IsUncertain => Word is "timeout" or "connection" && !IsUnsent;

    /// <summary>Whether the exception says that Redis failed, rather than that the service has a fault.</summary>
    public static bool IsFailure(Exception error) =>
        error is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException;

    /// <summary>Reads what the client library threw.</summary>
    public static RedisFailure Of(Exception error, TimeSpan deadline) => error switch
    {
        BrokenCircuitException => new("breaker", "Redis failed repeatedly; it is asked again in a moment."),
        RedisServerException server => OfServer(server.Message),
        // Without a connection, why there is none lies within.
        RedisConnectionException connection when Has<AuthenticationException>(connection, static _ => true) =>
            new("tls", "Redis was reached, but no TLS connection came about: its certificate is not trusted or names another host, or it does not speak TLS there (ssl and sslHost in Redis:Configuration)."),
        RedisConnectionException connection when Has<RedisConnectionException>(connection, static each => each.FailureType == ConnectionFailureType.AuthenticationFailure) =>
            OfServer("NOAUTH"),

        // The library does not even ask a server that it knows as a replica, or whose part it does not know yet, since the connection was just made again.
        RedisConnectionException connection when connection.Message.Contains("requires writable", StringComparison.Ordinal) =>
            new("readonly", "No Redis that takes writes is connected: the connection is being made again, or a read-only replica answers; the one that takes writes is looked for."),
        RedisConnectionException connection => new(
            "connection", $"Redis cannot be reached ({connection.FailureType}).", connection.FailureType == ConnectionFailureType.UnableToResolvePhysicalConnection),
        TimeoutException => new("timeout", $"Redis did not answer within {deadline.TotalMilliseconds:0} ms; what was asked may have been done all the same."),
        ObjectDisposedException => new("stopping", "The service is stopping."),
        _ => new("other", $"Redis could not answer ({error.GetType().Name})."),
    };

    /// <summary>As the port tells it.</summary>
    public StoreException ToException(Exception cause) => new(Sentence, cause);

    private static bool Has<T>(Exception error, Func<T, bool> condition)
        where T : Exception =>
        (error is T match && condition(match))
        || (error is AggregateException several && several.InnerExceptions.Any(each => Has(each, condition)))
        || (error.InnerException is { } inner && Has(inner, condition));

    private static RedisFailure OfServer(string message)
    {
        string code = message.Split(' ', 2)[0];
        if (code == "ERR")
        {
            // Of a command within a script; older versions put its whole answer behind a dash.
            code = message.Contains("The user executing the script can't", StringComparison.Ordinal) ? "NOPERM"
                : Array.Find(CodesInScripts, each => message.Contains($" -{each} ", StringComparison.Ordinal) || message.Contains($" {each} ", StringComparison.Ordinal)) ?? code;
        }

        return code switch
        {
            "BUSY" => new("busy", "Redis is busy with a script that does not end (SCRIPT KILL ends it)."),
            "OOM" => new("oom", "Redis is out of memory (maxmemory): give it more."),
            "READONLY" => new("readonly", "The Redis that answers is a read-only replica; the one that takes writes is looked for."),
            "LOADING" => new("loading", "Redis is loading its data."),
            "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" => new("cluster", "A part of the Redis set is down or moving."),
            "MISCONF" => new("misconf", "Redis cannot save to its disk and takes no writes (MISCONF)."),
            "NOREPLICAS" => new("noreplicas", "Redis has fewer replicas than min-replicas-to-write asks for, and takes no writes."),
            "NOAUTH" or "WRONGPASS" or "NOPERM" => new("auth", "Redis refuses the credentials, or the user may not do this: check user and password in Redis:Configuration, and the user's ACL."),
            "WRONGTYPE" => new("wrongtype", "A name of the service holds something else in Redis: give the service a Redis:Prefix of its own."),
            _ => new("other", "Redis answered with an error."),
        };
    }
}
