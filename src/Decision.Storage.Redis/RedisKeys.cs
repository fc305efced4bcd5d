using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Charges;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Stores;
using StackExchange.Redis;

namespace Decision.Storage.Redis;

/// <summary>
/// Every name in Redis is made here. A name is the prefix, the version of the layout, and a tag in braces, which tells Redis Cluster the slot.
/// docs/redis-keys.md has the table.
/// </summary>
internal sealed class RedisKeys
{
    /// <summary>Version of the layout; another one shares nothing with this one.</summary>
    public const int Layout = 1;

    private const int LongestPlainId = 64;
    private readonly string _root;

    /// <param name="prefix">As <see cref="Hosting.RedisStorageOptions.Prefix"/>.</param>
    /// <exception cref="ArgumentException">It has braces.</exception>
    public RedisKeys(string prefix)
    {
        if (prefix.AsSpan().ContainsAny('{', '}'))
        {
            throw new ArgumentException($"Redis:Prefix is \"{prefix}\": leave out the braces, Redis Cluster reads the slot between the first ones.", nameof(prefix));
        }

        _root = $"{prefix}{Layout}:";
        Catalog = new DocumentKeys(_root + "{catalog}:");
        Index = new IndexKeys(_root + "{index}:");
        Audit = new AuditKeys(_root + "{audit}:");
        Usage = new UsageKeys(_root + "{usage}:");
        Changes = RedisChannel.Literal(_root + "changes");
        TrimTurn = _root + "{trim}:turn";
        LayoutMark = prefix + "layout";
        SubjectPattern = Escaped(_root) + "{*}";
    }

    /// <summary>Names of policies, APIs, organisations, admin credentials and their revisions, all in one slot.</summary>
    public DocumentKeys Catalog { get; }

    /// <summary>Names of what keys are listed and counted by, all in one slot.</summary>
    public IndexKeys Index { get; }

    /// <summary>Names of the audit log, all in one slot.</summary>
    public AuditKeys Audit { get; }

    /// <summary>Where changes are told to other replicas.</summary>
    public RedisChannel Changes { get; }

    /// <summary>Names of the use over time, all in one slot.</summary>
    public UsageKeys Usage { get; }

    /// <summary>Which replica trims counters, or did so last.</summary>
    public RedisKey TrimTurn { get; }

    /// <summary>The version of the layout that servers of this prefix use. It is the same name in every layout.</summary>
    public RedisKey LayoutMark { get; }

    /// <summary>Pattern for SCAN of all subjects' hashes.</summary>
    public string SubjectPattern { get; }

    /// <summary>The hash of a subject: for a key its record and counters, else counters alone.</summary>
    public RedisKey OfSubject(Subject subject) => _root + TagOf(subject);

    /// <summary>The hash of a key.</summary>
    public RedisKey OfKey(string keyId) => _root + TagOfKey(keyId);

    /// <summary>The id of the key that a custom hash belongs to.</summary>
    public RedisKey OfCustomHash(string hash) => $"{_root}h:{{h:{hash}}}";

    /// <summary>What was answered to a call with an idempotency key, beside the subject.</summary>
    public RedisKey OfAnswer(Subject subject, string keyId, string idempotencyKey) =>
        $"{_root}i:{TagOf(subject)}:{HashOf(keyId + "\n" + idempotencyKey)}";

    /// <summary>A name that never holds anything, to ask whether writes are taken; each number is in another slot.</summary>
    public RedisKey OfProbe(int number) => $"{_root}{{health:{number.ToString(CultureInfo.InvariantCulture)}}}";

    private static string TagOf(Subject subject) => subject.Kind switch
    {
        SubjectKind.Key => TagOfKey(subject.Id),
        SubjectKind.Organization => $"{{o:{HashOf(subject.Id)}}}",
        SubjectKind.Api => $"{{a:{HashOf(subject.Id)}}}",
        SubjectKind.Pattern => $"{{p:{HashOf(subject.Id)}}}",
        SubjectKind.Descriptor => $"{{d:{HashOf(subject.Id)}}}",
        _ => throw new ArgumentOutOfRangeException(nameof(subject), subject.Kind, "Has no name in Redis."),
    };

    // The ids that are made here are the tag as they are; any other text is only hashed. No plain id has a colon.
    private static string TagOfKey(string keyId) => IsPlain(keyId) ? $"{{{keyId}}}" : $"{{k:{HashOf(keyId)}}}";

    private static bool IsPlain(string id)
    {
        if (id.Length is 0 or > LongestPlainId)
        {
            return false;
        }

        foreach (char letter in id)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>128 bits of SHA-256 as hexadecimal digits: nobody finds two texts for one name.</summary>
    private static string HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    private static string Escaped(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char letter in text)
        {
            escaped.Append(letter is '*' or '?' or '[' or ']' or '\\' ? "\\" : "").Append(letter);
        }

        return escaped.ToString();
    }

    /// <summary>Names of documents.</summary>
    internal sealed class DocumentKeys(string root)
    {
        /// <summary>A random number, drawn anew with every write of a document but those of file layers.</summary>
        public RedisKey Revision { get; } = root + "revision";

        /// <summary>A fingerprint of the Secrets:Key that the store was first used with.</summary>
        public RedisKey SecretsKey { get; } = root + "secrets-key";

        /// <summary>A hash of all documents of a kind by id.</summary>
        public RedisKey Of(DocumentKind kind) => root + WordOf(kind);

        /// <summary>The set of a kind's ids that have revisions, also of those that were deleted.</summary>
        public RedisKey IdsOf(DocumentKind kind) => $"{root}{WordOf(kind)}:ids";

        /// <summary>The changes of one document.</summary>
        public RedisKey RevisionsOf(DocumentKind kind, string id) => $"{root}{WordOf(kind)}:revisions:{HashOf(id)}";

        private static string WordOf(DocumentKind kind) => kind switch
        {
            DocumentKind.Policy => "policies",
            DocumentKind.Api => "apis",
            DocumentKind.Organization => "organizations",
            DocumentKind.FileLayer => "files",
            DocumentKind.AdminCredential => "credentials",
            DocumentKind.CredentialUse => "credential-uses",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Has no name in Redis."),
        };
    }

    /// <summary>Names of the audit log.</summary>
    internal sealed class AuditKeys(string root)
    {
        /// <summary>A stream of the records; a record's number is its id.</summary>
        public RedisKey Records { get; } = root + "records";

        /// <summary>A hash of the places of the newest record, and of the newest that was removed.</summary>
        public RedisKey Places { get; } = root + "places";

        /// <summary>A hash of what is being done, by id.</summary>
        public RedisKey Begun { get; } = root + "begun";
    }

    /// <summary>Names of the use over time.</summary>
    internal sealed class UsageKeys(string root)
    {
        /// <summary>A hash of all ids of a kind with their use on a day, counted from the Unix epoch.</summary>
        public RedisKey OfDay(UsageKind kind, long day) => string.Create(CultureInfo.InvariantCulture, $"{root}{WordOf(kind)}:{day}");

        /// <summary>That a batch was added.</summary>
        public RedisKey OfBatch(string name) => $"{root}batch:{name}";

        /// <summary>That something was told.</summary>
        public RedisKey OfClaim(string name) => $"{root}claim:{HashOf(name)}";

        private static string WordOf(UsageKind kind) => kind switch
        {
            UsageKind.Key => "keys",
            UsageKind.Policy => "policies",
            UsageKind.Api => "apis",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Has no name in Redis."),
        };
    }

    /// <summary>Names of sets of key ids.</summary>
    internal sealed class IndexKeys(string root)
    {
        /// <summary>All keys.</summary>
        public RedisKey All { get; } = root + "all";

        /// <summary>A hash of the keys that are being written, by id.</summary>
        public RedisKey Marks { get; } = root + "marks";

        /// <summary>Those of an organisation.</summary>
        public RedisKey OfOrganization(string id) => $"{root}o:{HashOf(id)}";

        /// <summary>Those that name a policy.</summary>
        public RedisKey OfPolicy(string id) => $"{root}p:{HashOf(id)}";

        /// <summary>Those with a tag.</summary>
        public RedisKey OfTag(string tag) => $"{root}t:{HashOf(tag)}";

        /// <summary>Those with an alias.</summary>
        public RedisKey OfAlias(string alias) => $"{root}n:{HashOf(alias)}";
    }
}
