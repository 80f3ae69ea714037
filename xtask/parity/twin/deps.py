"""What handlers ask for: a page of a list, and who is calling."""

from typing import Annotated, NamedTuple

from fastapi import Depends, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer


class Page(NamedTuple):
    limit: int
    offset: int


def page(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Page:
    return Page(limit, offset)


PageDep = Annotated[Page, Depends(page)]


class User(NamedTuple):
    name: str
    role: str


# A twin needs callers, not cryptography: the token is the key of a table.
TOKENS = {"staff-token": User("Grace", "staff"), "customer-token": User("Ada", "customer")}

# Without a usable Authorization header this itself answers 401 "Not authenticated".
bearer = HTTPBearer()


async def current_user(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> User:
    user = TOKENS.get(credentials.credentials)
    if user is None:
        raise HTTPException(401, "Invalid token", headers={"WWW-Authenticate": "Bearer"})
    return user


async def staff(user: Annotated[User, Depends(current_user)]) -> User:
    if user.role != "staff":
        raise HTTPException(403, "Not enough permissions")
    return user


UserDep = Annotated[User, Depends(current_user)]
StaffDep = Annotated[User, Depends(staff)]
