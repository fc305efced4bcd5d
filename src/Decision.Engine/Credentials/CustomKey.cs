using System.Buffers;
using System.Text;
using Decision.Engine.Signatures;

namespace Decision.Engine.Credentials;

/// <summary>Which texts can be keys besides the ones made here.</summary>
public static class CustomKey
{
    /// <summary>The shortest custom key where nothing else is configured.</summary>
    /// <value>16, the default of <c>Keys:MinimumCustomLength</c>.</value>
    public const int DefaultMinimumLength = 16;

    /// <summary>Checks a custom or imported key. Every refused text is one that no client could present, or that is easily guessed.</summary>
    /// <param name="text">The key as the administrator gave it.</param>
    /// <param name="minimumLength"><c>Keys:MinimumCustomLength</c>, in characters.</param>
    /// <param name="problem">What is wrong and what to do, without the key in it; null where the key can be used.</param>
    public static bool IsUsable(ReadOnlySpan<char> text, int minimumLength, out string? problem)
    {
        problem = Check(text, minimumLength);
        return problem is null;
    }

    private static string? Check(ReadOnlySpan<char> text, int minimumLength)
    {
        if (text.IsEmpty)
        {
            return "The custom key is empty. Give its text, or none at all to have a key made.";
        }

        if (KeyToken.LooksLike(text))
        {
            return $"The custom key begins with {KeyToken.Prefix}, which is kept for keys made here. Choose another text, or none to have a key made.";
        }

        if (PresentedKey.WithoutBearer(text).Length != text.Length)
        {
            return "The custom key begins with \"Bearer \", which is removed from what clients send. Give the text behind it.";
        }

        if (HttpSignature.HasScheme(text))
        {
            return "The custom key begins with \"Signature \", which is read as an HTTP signature. Choose another text.";
        }

        if (text.Length > PresentedKey.MaximumLength)
        {
            return $"The custom key has {text.Length} characters; at most {PresentedKey.MaximumLength} are possible.";
        }

        if (text.Length < minimumLength)
        {
            return $"The custom key has {text.Length} characters; Keys:MinimumCustomLength asks for at least {minimumLength}.";
        }

        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
        {
            return "The custom key begins or ends with white space, which is lost in HTTP headers. Remove it.";
        }

        return HasUnsendableCharacter(text)
            ? "The custom key contains a control character or a broken surrogate pair, which no client can send. Remove it."
            : null;
    }

    private static bool HasUnsendableCharacter(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int consumed) != OperationStatus.Done || Rune.IsControl(rune))
            {
                return true;
            }

            text = text[consumed..];
        }

        return false;
    }
}
