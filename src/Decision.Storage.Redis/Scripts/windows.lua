-- Rates by token bucket, fixed window and sliding window. A state: mk mark, c count, pv previous.
windows = module(function(windows)
  local STATE, STATE_LENGTH = '<BdI4ddI4I4', 37

  function windows.unpack(bytes)
    if #bytes ~= STATE_LENGTH then error('damaged') end
    local kind, p, m, n, mk, c, pv = sunpack(STATE, bytes)
    return {k = kind, p = p, m = m, n = n, mk = mk, c = c, pv = pv}
  end

  function windows.pack(s)
    return spack(STATE, s.k, s.p, s.m, s.n, s.mk, s.c, s.pv or 0)
  end

  -- a * b / m and its remainder; b below 2^32, m below 2^52.
  local function muldiv(a, b, m)
    local product = a * b
    if product <= EXACT then
      local rest = fmod(product, m)
      return (product - rest) / m, rest
    end
    local rests = fmod(a, m)
    local wholes = (a - rests) / m
    local quotient, rest, bit = 0, 0, 2147483648
    while bit >= 1 do
      quotient, rest = quotient * 2, rest * 2
      if rest >= m then quotient, rest = quotient + 1, rest - m end
      if b >= bit then
        b = b - bit
        quotient, rest = quotient + wholes, rest + rests
        if rest >= m then quotient, rest = quotient + 1, rest - m end
      end
      bit = bit / 2
    end
    return quotient, rest
  end
  windows.muldiv = muldiv

  -- Units of the window before the one that starts at a moment, and of that one.
  local function counts_of(mark, count, previous, start, period)
    if mark == start then return previous, count end
    if mark == start - period then return count, 0 end
    return 0, 0
  end

  -- What a bucket owes.
  local function debt_of(s, now)
    if s and s.mk >= now then return s.mk - now, s.c end
    return 0, 0
  end

  local function add_debt(l, whole, rest, cost)
    local more, more_rest = muldiv(l.p, cost, l.m)
    whole, rest = whole + more, rest + more_rest
    if rest >= l.m then return whole + 1, rest - l.m end
    return whole, rest
  end

  local function test_bucket(l, s, cost, now)
    local whole, rest = debt_of(s, now)
    local wholes, left = muldiv(whole, l.m, l.p)
    local used = wholes + ceil((left + rest) / l.p)
    local reset = whole + (rest > 0 and 1 or 0)
    if cost > l.cap then return true, used, reset, -1 end
    if cost == 0 then return false, used, reset, 0 end
    whole, rest = add_debt(l, whole, rest, cost)
    if whole > l.fw or (whole == l.fw and rest > l.fr) then
      return true, used, reset, whole - l.fw + (rest > l.fr and 1 or 0)
    end
    return false, used + cost, whole + (rest > 0 and 1 or 0), 0
  end

  -- As limits.test.
  function windows.test(_, l, s, cost, now)
    local k = l.k
    if k == BUCKET then return test_bucket(l, s, cost, now) end
    local start = now - fmod(now, l.p)
    local left = start + l.p - now
    if k == FIXED then
      local used = s and s.mk == start and s.c or 0
      if cost > 0 and cost > l.m - used then
        return true, used, used > 0 and left or 0, cost > l.m and -1 or left
      end
      used = used + cost
      return false, used, used > 0 and left or 0, 0
    end
    local previous, current = 0, 0
    if s then previous, current = counts_of(s.mk, s.c, s.pv, start, l.p) end
    local share, rest = muldiv(left, previous, l.p)
    local used = share + (rest > 0 and 1 or 0) + current
    local fits = cost == 0 or cost <= l.m - used
    local counted = fits and current + cost or current
    local reset = counted > 0 and left + l.p or previous > 0 and left or 0
    if fits then return false, used + cost, reset, 0 end
    if cost > l.m then return true, used, reset, -1 end
    local free = l.m - current - cost
    if free >= 0 then return true, used, reset, left - (muldiv(l.p, free, previous)) end
    return true, used, reset, left + l.p - (muldiv(l.p, l.m - cost, current))
  end

  -- As limits.spend.
  function windows.spend(_, l, s, cost, now)
    local k = l.k
    if k == BUCKET then
      local whole, rest = debt_of(s, now)
      whole, rest = add_debt(l, whole, rest, cost)
      s = s or {k = k, pv = 0}
      s.mk, s.c = now + whole, rest
      return s
    end
    local start = now - fmod(now, l.p)
    local previous, current = 0, 0
    if s then previous, current = counts_of(s.mk, s.c, s.pv, start, l.p) end
    s = s or {k = k}
    s.mk, s.c, s.pv = start, current + cost, k == FIXED and 0 or previous
    return s
  end

  -- As log.usual.
  function windows.usual(l, bytes, cost, now)
    local k, kind, p, m, n, mark, count, previous = l.k, l.k, l.p, l.m, now, 0, 0, 0
    if bytes then
      if #bytes ~= STATE_LENGTH then return nil end
      kind, p, m, n, mark, count, previous = sunpack(STATE, bytes)
    end
    if kind ~= k or p ~= l.p or n > now or (k == BUCKET and m ~= l.m) then return nil end
    m = l.m
    if k == BUCKET then
      if cost > l.cap then return nil end
      local whole, rest = 0, 0
      if mark >= now then whole, rest = mark - now, count end
      local wholes, left = muldiv(whole, m, p)
      local used = wholes + ceil((left + rest) / p) + cost
      whole, rest = add_debt(l, whole, rest, cost)
      if whole > l.fw or (whole == l.fw and rest > l.fr) then return nil end
      return spack(STATE, k, p, m, now, now + whole, rest, 0), used, whole + (rest > 0 and 1 or 0)
    end
    local start = now - fmod(now, p)
    local left, current = start + p - now, 0
    previous, current = counts_of(mark, count, previous, start, p)
    local used = current + cost
    if k == FIXED then
      previous = 0
    else
      local share, rest = muldiv(left, previous, p)
      used, left = used + share + (rest > 0 and 1 or 0), left + p
    end
    if used > m then return nil end
    return spack(STATE, k, p, m, now, start, current + cost, previous), used, left
  end

  local function units_of(c, l, s)
    if s.k == LOG then return (log.units_after(c, s, s.n - l.p)) end
    if s.k == BUCKET then
      if s.mk < s.n then return 0 end
      local wholes, rest = muldiv(s.mk - s.n, s.m, s.p)
      return wholes + ceil((rest + s.c) / s.p)
    end
    if s.k == FIXED then return s.c end
    return s.c + (s.mk > s.n - l.p and s.pv or 0)
  end

  -- The state of a rate under other terms than it was recorded under; it knows that one as before.
  function windows.convert(c, l, s)
    local k, units = l.k, min(units_of(c, l, s), WRAP - 1)
    local u
    if k == LOG then
      u = log.of(s.n, units)
    elseif k == BUCKET then
      local whole, rest = muldiv(l.p, units, l.m)
      if whole >= MOST_DEBT then whole, rest = MOST_DEBT, 0 end
      u = {k = k, n = s.n, mk = s.n + whole, c = rest, pv = 0}
    else
      u = {k = k, n = s.n, mk = s.n - fmod(s.n, l.p), c = units, pv = 0}
    end
    u.p, u.m, u.before = l.p, l.m, s
    return u
  end
end)
